"""One module for each contender; each imports what it measures only inside `open_async` and `open_sync`.

A contender is a module with some of these, all of which take the base URL of the benchmark server:

- `IMPORT`: the statement that brings the library in, as its users write it;
- `open_async(base)` and `open_sync(base)`: an object with `item()` (one small answer), `pages()` (every item of 50
  pages of 100) and `close()`, each as the library's documentation shows it;
- `decoding()`: the bytes of a page of 100 items and a function from those bytes to what the library gives its users.

Nothing may be imported at the top but what the interpreter has loaded already: the cold rows start with these modules.
"""
