//! Cursor pages over a sort key and the row key.

use directory_model::page::{Cursor, Page, PageRequest};

use crate::error::StoreResult;

/// Narrows a query to one page: rows that hold every word, after the cursor, in order, and one more
/// than asked for, by which [`page_of`] knows whether there is a next page.
macro_rules! keyset {
    ($query:expr, $page:expr, sort: $sort:expr, id: $id:expr, search: $search:expr) => {{
        let page: &::directory_model::page::PageRequest = $page;
        let mut query = $query.into_boxed();
        for word in &page.words {
            query = query.filter($search.like($crate::column::like_pattern(word)).escape('\\'));
        }
        if let Some(after) = &page.after {
            // The first comparison is implied by the others, but an index can begin there.
            query =
                query.filter($sort.ge(after.sort.clone())).filter($sort.gt(after.sort.clone()).or($id.gt(after.key)));
        }
        query.order(($sort.asc(), $id.asc())).limit($crate::page::limit(page))
    }};
}
pub(crate) use keyset;

/// How many rows to ask for: one more than the page holds.
pub(crate) fn limit(request: &PageRequest) -> i64 {
    i64::from(request.size()) + 1
}

/// Makes a page of rows found by [`keyset!`].
pub(crate) fn page_of<R, T>(
    mut rows: Vec<R>,
    request: &PageRequest,
    cursor: impl Fn(&R) -> Cursor,
    read: impl FnMut(R) -> StoreResult<T>,
) -> StoreResult<Page<T>> {
    let size = request.size() as usize;
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| has_more).map(cursor);
    let items = rows.into_iter().map(read).collect::<StoreResult<_>>()?;
    Ok(Page { items, next })
}

/// A page of nothing: what a list of a tenant that does not exist looks like.
pub(crate) fn nothing<T>() -> Page<T> {
    Page { items: Vec::new(), next: None }
}
