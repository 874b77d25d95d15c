"""The RTS table: what Delegated Regulation (EU) 2018/389 asks, the rule that answers it, its code, the test it has.

The one source of docs/rts.md (`tests.rts.page` writes it), of what `test_mutations` weakens to see each test go red,
and of nothing else. The articles are told in words of ours: the regulation's own text is what counts.
"""

from typing import Final

from tests.rts.own_rules import OWN_RULES
from tests.rts.row import Mutation, Row

TABLE: Final = (
    # --- the code -----------------------------------------------------------------------------------------
    Row(
        article="4(1)",
        asks="An authentication code is accepted once.",
        rule="The check takes only counters ahead of the last one consumed (RULES 13).",
        code="_awaited_atc",
        test="tests/cap/test_check.py::test_a_code_is_right_inside_the_window_and_nowhere_else",
        mutation=Mutation("approvals/cap/check.py", "ahead = whole - behind", "ahead = (whole - behind) % whole"),
    ),
    Row(
        article="4(1)",
        asks="The same, when it is offered twice at once.",
        rule="The counter moves by compare-and-set in the accepting transaction (RULES 4, 7).",
        code="SqlCards.advance",
        test="tests/store/test_company.py::test_a_card_counter_moves_forward_only",
        mutation=Mutation(
            "approvals/store/cards.py", "WHERE id = $1 AND last_atc < $2", "WHERE id = $1 AND last_atc <= $2"
        ),
    ),
    Row(
        article="4(2)(a)",
        asks="Nothing about an element can be derived from a code that became known.",
        rule="Evidence keeps an HMAC of the code, never the code (RULES 33).",
        code="CapChecker.check_cap",
        test="tests/desk/test_rechecking.py::test_no_evidence_holds_the_code_itself",
        mutation=Mutation(
            "approvals/checkers/cap.py",
            "seal = self._profiles.code_seal(card, outcome.atc, proof.code)",
            "seal = proof.code",
        ),
    ),
    Row(
        article="4(2)(b)(c)",
        asks="Codes known before make no new one, and no code can be forged.",
        rule="Every digit is compared, under the card's own key at one counter (RULES 13).",
        code="check_code",
        test="tests/cap/test_check.py::test_any_digit_changed_is_wrong",
        mutation=Mutation(
            "approvals/cap/check.py",
            "if hmac.compare_digest(expected, code):\n        return Right(atc=atc)",
            "if hmac.compare_digest(expected[:-1], code[:-1]):\n        return Right(atc=atc)",
        ),
    ),
    Row(
        article="4(2)(c)",
        asks="The same, for guesses from anywhere.",
        rule="From an unknown device a CAP code alone signs in for profiles of 20 bits and more only (RULES 9).",
        code="SignIn._may_sign_in_alone",
        test="tests/desk/test_sign_in.py"
        "::test_a_card_alone_does_not_sign_in_from_an_unknown_device_where_it_is_easily_guessed",
        mutation=Mutation("approvals/desk/sign_in.py", "_STRONG_ALONE: Final = 20", "_STRONG_ALONE: Final = 10"),
    ),
    # --- failures and sessions ----------------------------------------------------------------------------
    Row(
        article="4(3)(a)",
        asks="A failure does not tell which element was wrong.",
        rule="Unknown, wrong, old and shut are one refusal with one count of what is left (RULES 9, 10).",
        code="Knocking._knock",
        test="tests/desk/test_sign_in.py::test_a_refusal_tells_nothing_of_who_exists",
        mutation=Mutation(
            "approvals/desk/knocking.py",
            "attempts_left=throttle.left_at_door(found, keys[0], now),",
            "attempts_left=throttle.left_at_door(found, keys[0], now) if user else 0,",
        ),
    ),
    Row(
        article="4(3)(b)",
        asks="At most five failures in a row, then a block.",
        rule="Five a person over all factors, across actions and sign-in (RULES 7).",
        code="clear_person",
        test="tests/desk/test_sign_in.py::test_wrong_codes_on_a_known_device_are_counted_and_lock_the_person",
        mutation=Mutation(
            "approvals/credentials/counters.py", "PERSON_ATTEMPTS: Final = 5", "PERSON_ATTEMPTS: Final = 6"
        ),
    ),
    Row(
        article="4(3)(b)",
        asks="The same, however many come at once.",
        rule="An attempt is spent before anything is checked (RULES 7).",
        code="_spend_attempt",
        test="tests/machine/test_machine.py::test_no_offer_is_taken_while_every_attempt_is_under_check",
        mutation=Mutation(
            "approvals/machine.py",
            'if challenge.attempts_left <= 0:\n        raise NoAttemptLeft("every',
            'if challenge.attempts_left < 0:\n        raise NoAttemptLeft("every',
        ),
    ),
    Row(
        article="4(3)(b)",
        asks="A warning before a block that is permanent.",
        rule="Before the last attempt every device of the person is told (RULES 10).",
        code="_warnings",
        test="tests/desk/test_sign_in.py::test_the_last_attempt_is_warned_of_on_every_device_and_the_lock_told",
        mutation=Mutation(
            "approvals/desk/counting.py", "of_access = user.attempts_left == 1", "of_access = user.attempts_left == 0"
        ),
    ),
    Row(
        article="4(3)(c)",
        asks="Sessions are protected against capture and misuse.",
        rule="What a device signed for one purpose serves no other (RULES 22).",
        code="signed_bytes",
        test="tests/desk/test_sign_in.py::test_a_device_shows_itself_only_with_its_own_key_and_for_its_purpose",
        mutation=Mutation(
            "approvals/credentials/device.py", "signature v1\\n{purpose}\\n{origin}", "signature v1\\n{origin}"
        ),
    ),
    Row(
        article="4(3)(c)",
        asks="The same, for what was overheard and is sent again.",
        rule="A number of the server's is signed once, and in time (RULES 22).",
        code="SqlNonces.take",
        test="tests/store/test_doors.py::test_a_nonce_is_taken_once_and_in_time",
        mutation=Mutation(
            "approvals/store/nonces.py",
            "WHERE nonce = $1 AND expires_at > $2 RETURNING",
            "WHERE nonce = $1 AND expires_at >= $2 RETURNING",
        ),
    ),
    Row(
        article="4(3)(d)",
        asks="Access ends after five minutes without activity.",
        rule="A login ends five minutes after the last human act (RULES 23).",
        code="ends_at",
        test="tests/desk/test_sign_in.py::test_five_idle_minutes_end_a_login_and_a_human_act_begins_them_again",
        mutation=Mutation(
            "approvals/credentials/login.py", "IDLE: Final = timedelta(minutes=5)", "IDLE: Final = timedelta(minutes=6)"
        ),
    ),
    # --- dynamic linking ----------------------------------------------------------------------------------
    Row(
        article="5(1)(a)",
        asks="The payer is shown the amount and the payee.",
        rule="The signed text is rendered from the signed facts: total, count, account and payees (RULES 17).",
        code="RemittanceOperation",
        test="tests/desk/test_remittances.py::test_the_signer_reads_the_total_and_whom_it_is_paid_to",
        mutation=Mutation(
            "approvals/operations/remittance.py", 'Field(key="payees", label', 'Field(key="payee", label'
        ),
    ),
    Row(
        article="5(1)(b)",
        asks="The code is made for that amount and that payee.",
        rule="Where the reader takes them, amount and payee's digits are typed; else digits of both (RULES 12).",
        code="payment_input",
        test="tests/cap/test_linking.py::test_a_card_that_asks_the_amount_takes_amount_and_payee",
        mutation=Mutation(
            "approvals/cap/linking.py",
            "readable = (account_digits(iban) if iban else None) or hashed",
            'readable = "0000000"',
        ),
    ),
    Row(
        article="5(1)(c)",
        asks="The code accepted belongs to what was agreed to.",
        rule="It is computed over what this challenge asked to be typed (RULES 11, 14).",
        code="terminal_values",
        test="tests/cap/test_check.py::test_a_code_for_one_amount_is_wrong_for_another",
        mutation=Mutation(
            "approvals/cap/cryptogram.py", "_bcd(typed.amount or 0, item.length)", "_bcd(0, item.length)"
        ),
    ),
    Row(
        article="5(1)(d)",
        asks="Any change of amount or payee makes the code worthless.",
        rule="Digits made by HMAC stand for one challenge and one statement's digest (RULES 12).",
        code="hashed_digits",
        test="tests/cap/test_linking.py::test_the_hashed_form_changes_with_each_of_its_parts",
        mutation=Mutation(
            "approvals/cap/linking.py", "challenge_id.encode() + statement_hash", "challenge_id.encode()"
        ),
    ),
    Row(
        article="5(3)(b)",
        asks="For a batch: its total and its payees.",
        rule="A digest covers every payee, account and amount in order (RULES 17).",
        code="canonical_line",
        test="tests/remittance/test_digest.py::test_any_change_of_payee_account_amount_or_order_changes_the_digest",
        mutation=Mutation("approvals/remittance/totals.py", "        order.iban,\n", ""),
    ),
    # --- elements -----------------------------------------------------------------------------------------
    Row(
        article="6",
        asks="Knowledge is not easily found out by others.",
        rule="A confidential code is no repeat, sequence, date or number of the person's own.",
        code="require_allowed",
        test="tests/credentials/test_confidential_code.py::test_a_run_of_neighbours_is_refused",
        mutation=Mutation(
            "approvals/credentials/confidential_code.py", "return steps in ({1}, {9})", "return steps in ({1},)"
        ),
    ),
    Row(
        article="7",
        asks="Possession cannot be replicated.",
        rule="Card keys rest sealed, each bound to its own name (RULES 28).",
        code="_bound",
        test="tests/keys/test_keyring.py::test_a_secret_opens_under_no_other_name",
        mutation=Mutation(
            "approvals/keys/keyring.py", "texts = (kind.encode(), secret_id.encode())", "texts = (kind.encode(),)"
        ),
    ),
    Row(
        article="9",
        asks="The breach of one element leaves the others whole, on a device of many purposes too.",
        rule="A phone answers for another screen only with the two digits shown there (RULES 24).",
        code="answer",
        test="tests/desk/test_confirmations.py::test_other_digits_let_nobody_in_and_there_is_no_second_guess",
        mutation=Mutation(
            "approvals/credentials/confirmation.py",
            "is_right = digits == confirmation.digits",
            "is_right = digits is not None",
        ),
    ),
    Row(
        article="13",
        asks="A trusted beneficiary is added or changed with strong authentication.",
        rule="It is an action of its own, under a code linked to the account: a sign-in code signs none (RULES 11).",
        code="BeneficiaryOperation.link",
        test="tests/desk/test_answers.py::test_a_code_right_in_another_mode_is_wrong",
        mutation=Mutation(
            "approvals/operations/beneficiary.py",
            'return Link(purpose=LinkPurpose.BENEFICIARY, payee_iban=str(facts["iban"]))',
            "return None",
        ),
    ),
    # --- credentials --------------------------------------------------------------------------------------
    Row(
        article="22",
        asks="Credentials stay confidential in every phase.",
        rule="No log holds one: an exception is told by class and place, never by its text.",
        code="_places",
        test="tests/server/test_logs.py::test_an_exception_tells_its_class_and_places_and_never_its_text",
        mutation=Mutation(
            "server/logs.py",
            'kind = f"{type(cause).__module__}.{type(cause).__qualname__}"',
            'kind = f"{type(cause).__module__}.{cause!r}"',
        ),
    ),
    Row(
        article="23",
        asks="A credential lost or copied on its way is of no use.",
        rule="A letter's secret serves once, for 30 days; printed again, the former is void.",
        code="use",
        test="tests/credentials/test_activation.py::test_the_right_secret_serves_once",
        mutation=Mutation(
            "approvals/credentials/activation.py",
            "status=LetterStatus.USED, used_at=now, secret_digest=None)",
            "status=LetterStatus.USED, used_at=now)",
        ),
    ),
    Row(
        article="24",
        asks="Only the person is associated with the credential, by strong authentication when it is done remotely.",
        rule="A first device is enrolled straight after confidential code and CAP code, or a certificate (RULES 24).",
        code="require_fresh",
        test="tests/desk/test_sign_in.py::test_a_first_device_needs_a_fresh_sign_in_with_code_and_card",
        mutation=Mutation("approvals/desk/devices.py", "if not is_strong(presence.login.factors) or now", "if now"),
    ),
    Row(
        article="25",
        asks="Card and PIN never travel by one channel.",
        rule="Manufacturer and PIN printer have an outbox each, and neither is told what the other does.",
        code="messages",
        test="tests/credentials/test_card.py::test_neither_maker_is_told_what_the_other_does",
        mutation=Mutation(
            "approvals/credentials/card_order.py",
            'pin: Facts = {"order": "pin_letter", "card"',
            'pin: Facts = {**card, "order": "pin_letter", "card"',
        ),
    ),
    Row(
        article="25",
        asks="Nor do an activation secret and the numbers typed with it.",
        rule="A key that prints letters reads nothing else.",
        code="HouseDesk.add_api_key",
        test="tests/server/cli/test_letters.py::test_who_prints_secrets_gets_no_other_scope",
        mutation=Mutation(
            "approvals/desk/house.py",
            "if Scope.LETTERS in scopes and len(scopes) > 1:",
            "if Scope.LETTERS in scopes and len(scopes) > 2:",
        ),
    ),
    Row(
        article="26",
        asks="Renewal is as safe as the first time.",
        rule="A renewed code is void at once, and the next is chosen under a letter.",
        code="SqlChanges._renew",
        test="tests/desk/test_first_entry.py::test_a_renewed_code_is_void_at_once_and_every_login_ends",
        mutation=Mutation("approvals/store/changes.py", "await self._people.void_code(user_id)", "..."),
    ),
    Row(
        article="27",
        asks="Credentials are deactivated and revoked for good.",
        rule="A card reported since it signed takes its signature back (RULES 2).",
        code="count_signatures",
        test="tests/desk/test_answers.py::test_a_card_reported_after_its_signature_takes_the_signature_back",
        mutation=Mutation(
            "approvals/desk/asking.py",
            "if card.status is CardStatus.REPORTED}",
            "if card.status is CardStatus.EXPIRED}",
        ),
    ),
    # --- traceability -------------------------------------------------------------------------------------
    Row(
        article="29(2)(a)",
        asks="Every session has an id of its own.",
        rule="Ids hold 80 random bits beside their time.",
        code="RandomIds.make",
        test="tests/server/test_ids.py::test_ids_of_one_millisecond_differ",
        mutation=Mutation(
            "server/ids.py",
            'random = secrets.randbits(5 * _RANDOM_DIGITS)\n        return f"{prefix}',
            'random = 0\n        return f"{prefix}',
        ),
    ),
    Row(
        article="29(2)(b)",
        asks="Logs by an official time.",
        rule="Nothing is committed by a node that is not sure of the time to a second (RULES 4).",
        code="ClockGuard.hear",
        test="tests/server/test_clock.py"
        "::test_an_answer_that_took_too_long_moves_nothing_and_lets_nothing_be_committed",
        mutation=Mutation(
            "server/clock.py", "if max(distance, timedelta(seconds=took)) > _TOLERANCE:", "if distance > _TOLERANCE:"
        ),
    ),
    Row(
        article="29(1)",
        asks="Every step can be traced afterwards.",
        rule="The audit is sealed: what was changed, removed or added is found (RULES 31, 32).",
        code="AuditCheck._disclosed",
        test="tests/desk/test_auditing.py::test_a_changed_value_is_found",
        mutation=Mutation(
            "approvals/evidence/audit_check.py",
            "elif not _opens(line.row.commitment, held):",
            "elif held.value is None:",
        ),
    ),
    *OWN_RULES,
)
