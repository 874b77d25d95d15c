// The desk's addresses, a line each.

/** @typedef {import('../shared/router.js').Route} Route */

/** @type {readonly Route[]} */
export const ROUTES = [
  { path: '/desk', element: 'ct-acts', load: () => import('./acts/list.js') },
  { path: '/desk/acts/:id', element: 'ct-act', load: () => import('./acts/act.js') },
  { path: '/desk/portfolio', element: 'ct-portfolio', load: () => import('./portfolio/list.js') },
  { path: '/desk/portfolio/:client', element: 'ct-company', load: () => import('./portfolio/company.js') },
  { path: '/desk/portfolio/:client/:user', element: 'ct-person', load: () => import('./portfolio/person.js') },
  { path: '/desk/audit', element: 'ct-audit', load: () => import('./audit.js') },
];
