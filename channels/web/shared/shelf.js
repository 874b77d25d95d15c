// One small IndexedDB store: what this browser keeps, by name. It holds keys that cannot be read out of it.

const DATABASE = 'contreseing';
const STORE = 'shelf';

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} work
 */
async function within(mode, work) {
  const database = await opened();
  try {
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @param {string} name */
export const taken = (name) => within('readonly', (store) => store.get(name));

/** @param {string} beginning of the names of what is wanted, by name */
export const allOf = (beginning) =>
  within('readonly', (store) => store.getAll(IDBKeyRange.bound(beginning, `${beginning}\uffff`)));

/**
 * @param {string} name
 * @param {unknown} value
 */
export const put = (name, value) => within('readwrite', (store) => store.put(value, name));

/** @param {string} name */
export const removed = (name) => within('readwrite', (store) => store.delete(name));
