// The app's addresses, a line each.

/** @typedef {import('../shared/router.js').Route} Route */

/** @type {readonly Route[]} */
export const ROUTES = [
  { path: '/app/notifications', element: 'ct-notifications', load: () => import('./notifications/screen.js') },
  { path: '/app', element: 'ct-approvals', load: () => import('./approvals/list.js') },
  { path: '/app/approvals/:id', element: 'ct-approval', load: () => import('./approvals/approval.js') },
  { path: '/app/history', element: 'ct-history', load: () => import('./approvals/history.js') },
  { path: '/app/enrol', element: 'ct-new-device', load: () => import('./enrolment/new_device.js'), isOpen: true },
  { path: '/app/chat', element: 'ct-chat-screen', load: () => import('./chat/screen.js') },
  { path: '/app/first', element: 'ct-first-entry', load: () => import('./first_entry/screen.js'), isOpen: true },
  { path: '/app/help', element: 'ct-help', load: () => import('./help/screen.js'), isOpen: true },
  { path: '/app/mine/enrol', element: 'ct-offer-enrolment', load: () => import('./enrolment/offer.js') },
  { path: '/app/mine/substitutes', element: 'ct-substitutes', load: () => import('./substitutes/screen.js') },
  { path: '/app/mine', element: 'ct-mine', load: () => import('./mine/screen.js') },
];
