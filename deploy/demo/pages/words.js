// The words of the demo's pages, and which language they are in: the one chosen here, else the browser's, else French.

const WORDS = {
  fr: {
    language: 'English',
    'reader.title': 'Lecteur et cartes',
    'authenticator.title': 'Codes des chargés d’affaires',
    'cards.title': 'Les cartes',
    'cards.hint': 'Choisissez qui vous êtes. Ses éléments de connexion sont sous son nom.',
    'card.client': 'Identifiant client',
    'card.number': 'Utilisateur',
    'card.code': 'Code confidentiel',
    'card.pin': 'PIN',
    insert: 'Insérer',
    'device.title': 'Le lecteur',
    take_out: 'Retirer la carte',
    copy: 'Copier le code',
    copied: 'Code copié',
    empty: 'Insérez une carte',
    choose: 'CODE ou SIGN ?',
    pin: 'PIN, puis OK',
    pin_wrong: 'PIN faux. Essais restants\u00a0: {tries}',
    digits: 'Chiffres à signer, puis OK',
    code: 'Votre code',
    refused: 'Saisie refusée',
    blocked: 'Carte bloquée. Appelez votre chargé d’affaires.',
    unreadable: 'Carte illisible',
    'codes.title': 'Codes du moment',
    'codes.hint': 'Chaque code sert une fois. S’il a déjà servi, attendez le suivant.',
    'codes.number': 'Numéro',
    'codes.password': 'Mot de passe',
    left: 'Nouveaux codes dans {left} s',
    'bank.title': 'Banque du Canal · Claire Fontaine',
    'bank.app': 'Ouvrir l’application',
    'bank.sending': 'Payer des fournisseurs',
    'bank.hint': 'Karim a préparé un fichier de cinq virements. Une fois envoyé, il attend la signature de Claire.',
    'bank.send': 'Envoyer le fichier',
    'bank.sent': 'Fichier reçu. Signez-le dans l’application.',
    'bank.refused': 'Le fichier n’a pas été pris. Recommencez.',
    'bank.account': 'Votre compte',
    'bank.holder': 'Titulaire',
    'bank.iban': 'IBAN',
    'bank.balance': 'Solde',
  },
  en: {
    language: 'Français',
    'reader.title': 'Reader and cards',
    'authenticator.title': 'Advisers’ codes',
    'cards.title': 'The cards',
    'cards.hint': 'Choose who you are. What they sign in with is under their name.',
    'card.client': 'Client identifier',
    'card.number': 'User',
    'card.code': 'Confidential code',
    'card.pin': 'PIN',
    insert: 'Insert',
    'device.title': 'The reader',
    take_out: 'Take the card out',
    copy: 'Copy the code',
    copied: 'Code copied',
    empty: 'Insert a card',
    choose: 'CODE or SIGN?',
    pin: 'PIN, then OK',
    pin_wrong: 'Wrong PIN. Tries left: {tries}',
    digits: 'Digits to sign, then OK',
    code: 'Your code',
    refused: 'Not taken',
    blocked: 'Card blocked. Call your adviser.',
    unreadable: 'Card unreadable',
    'codes.title': 'Codes of the moment',
    'codes.hint': 'Each code serves once. If it was used, wait for the next.',
    'codes.number': 'Number',
    'codes.password': 'Password',
    left: 'New codes in {left} s',
    'bank.title': 'Banque du Canal · Claire Fontaine',
    'bank.app': 'Open the app',
    'bank.sending': 'Pay suppliers',
    'bank.hint': 'Karim prepared a file of five transfers. Once sent, it waits for Claire’s signature.',
    'bank.send': 'Send the file',
    'bank.sent': 'File received. Sign it in the app.',
    'bank.refused': 'The file was not taken. Try again.',
    'bank.account': 'Your account',
    'bank.holder': 'Holder',
    'bank.iban': 'IBAN',
    'bank.balance': 'Balance',
  },
};

const KEY = 'demo-language';
export const language = localStorage.getItem(KEY) ?? (navigator.language.startsWith('en') ? 'en' : 'fr');

export const t = (name, values = {}) => WORDS[language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Put a list of what is called what. */
export function facts(pairs) {
  const list = document.createElement('dl');
  for (const [name, value] of pairs) list.append(element('dt', name), element('dd', value));
  return list;
}

/** Put the words into the page. */
export function speak() {
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll('[data-words]')) each.textContent = t(each.dataset.words);
  document.title = document.querySelector('h1').textContent;
  const other = document.querySelector('#language');
  other.textContent = t('language');
  other.addEventListener('click', () => {
    localStorage.setItem(KEY, language === 'fr' ? 'en' : 'fr');
    location.reload();
  });
}
