// The app's addresses, a line each.

/** @typedef {import('../shared/router.js').Route} Route */

const approvals = () => import('./approvals/all.js');
const own = () => import('./mine/all.js');

/** @type {readonly Route[]} */
export const ROUTES = [
  { path: '/app/notifications', element: 'ct-notifications', load: own },
  { path: '/app', element: 'ct-approvals', load: approvals },
  { path: '/app/approvals/:id', element: 'ct-approval', load: approvals },
  { path: '/app/history', element: 'ct-history', load: approvals },
  { path: '/app/enrol', element: 'ct-new-device', load: () => import('./enrolment/new_device.js'), isOpen: true },
  { path: '/app/chat', element: 'ct-chat-screen', load: () => import('./chat/screen.js') },
  { path: '/app/first', element: 'ct-first-entry', load: () => import('./first_entry/screen.js'), isOpen: true },
  { path: '/app/help', element: 'ct-help', load: () => import('./help/screen.js'), isOpen: true },
  { path: '/app/mine/enrol', element: 'ct-offer-enrolment', load: own },
  { path: '/app/mine/bridge', element: 'ct-pair-bridge', load: own },
  { path: '/app/mine/code', element: 'ct-code-change', load: own },
  { path: '/app/mine/substitutes', element: 'ct-substitutes', load: own },
  { path: '/app/mine', element: 'ct-mine', load: own },
];
