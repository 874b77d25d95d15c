// The desk's addresses, a line each.

/** @typedef {import('../shared/router.js').Route} Route */

/** @type {readonly Route[]} */
export const ROUTES = [
  { path: '/desk/acts/:id', element: 'ct-act', load: () => import('./acts/act.js') },
  { path: '/desk/companies', element: 'ct-portfolio', load: () => import('./companies/portfolio.js') },
  { path: '/desk/companies/:client', element: 'ct-company', load: () => import('./companies/company.js') },
  { path: '/desk/companies/:client/:user', element: 'ct-cards', load: () => import('./companies/cards.js') },
  { path: '/desk/conversations', element: 'ct-conversations', load: () => import('./conversations/list.js') },
  { path: '/desk/conversations/:id', element: 'ct-desk-conversation', load: () => import('./conversations/screen.js') },
  { path: '/desk/operations/:client', element: 'ct-operations', load: () => import('./operations/list.js') },
  { path: '/desk/operations/:client/:id', element: 'ct-operation', load: () => import('./operations/operation.js') },
  { path: '/desk/figures', element: 'ct-figures', load: () => import('./figures/screen.js') },
  { path: '/desk/alerts', element: 'ct-alerts', load: () => import('./alerts/screen.js') },
  { path: '/desk/advisers', element: 'ct-advisers', load: () => import('./advisers/list.js') },
  { path: '/desk/advisers/:number', element: 'ct-adviser', load: () => import('./advisers/adviser.js') },
  { path: '/desk/first', element: 'ct-adviser-entry', load: () => import('./entry/first.js'), isOpen: true },
  { path: '/desk/mine', element: 'ct-desk-mine', load: () => import('./entry/mine.js') },
  { path: '/desk/mine/:why', element: 'ct-desk-mine', load: () => import('./entry/mine.js') },
  { path: '/desk/authorities/:id', element: 'ct-authority', load: () => import('./certificates/authority.js') },
  { path: '/desk/authorities', element: 'ct-authorities', load: () => import('./authorities/screen.js') },
  { path: '/desk/audit', element: 'ct-audit', load: () => import('./audit/screen.js') },
  { path: '/desk', element: 'ct-acts', load: () => import('./acts/list.js') },
];
