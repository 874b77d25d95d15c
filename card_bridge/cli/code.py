"""`code`: the CODE key of a CAP reader."""

from approvals.model.reader import CODE_KEY
from card_bridge.cli.card_options import WAIT_SECONDS, LastTryOption, ReaderOption, WaitOption, show_code
from card_bridge.cli.link_options import FileOption


def code(
    *,
    reader: ReaderOption = None,
    wait: WaitOption = WAIT_SECONDS,
    last_try: LastTryOption = False,
    file: FileOption = None,
) -> None:
    """La touche CODE : un code de la carte / the CODE key: one code of the card.

    Exemples / examples: `contreseing-bridge code`, `contreseing-bridge code --wait 60`
    """
    show_code(CODE_KEY, reader=reader, wait=wait, last_try=last_try, file=file)
