//! .NET's way of sorting (`List.Sort`, `Array.Sort`): insertion for short ranges, else partition around the middle
//! of three. It is not stable, and scripts see the order that it leaves equal items in; so it is done step by step
//! as .NET does it.

use std::cmp::Ordering;

/// Ranges up to this length are sorted by insertion.
const SHORT: usize = 16;

/// Sorts as .NET does. A comparison that contradicts itself gives some order, never a panic.
pub(crate) fn introsort<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) {
    if items.len() > 1 {
        let depth = 2 * (items.len().ilog2() + 1);
        sort(items, depth, order);
    }
}

fn sort<T: Clone>(mut items: &mut [T], mut depth: u32, order: &mut dyn FnMut(&T, &T) -> Ordering) {
    while items.len() > 1 {
        match items.len() {
            2 => return swap_if_greater(items, 0, 1, order),
            3 => {
                swap_if_greater(items, 0, 1, order);
                swap_if_greater(items, 0, 2, order);
                return swap_if_greater(items, 1, 2, order);
            }
            4..=SHORT => return insertion(items, order),
            _ if depth == 0 => return heap(items, order),
            _ => depth -= 1,
        }
        let pivot = partition(items, order);
        let (left, right) = items.split_at_mut(pivot);
        sort(right.get_mut(1..).unwrap_or_default(), depth, order);
        items = left;
    }
}

fn swap_if_greater<T>(items: &mut [T], left: usize, right: usize, order: &mut dyn FnMut(&T, &T) -> Ordering) {
    if order(&items[left], &items[right]).is_gt() {
        items.swap(left, right);
    }
}

fn insertion<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) {
    for next in 1..items.len() {
        let mut at = next;
        while at > 0 && order(&items[at], &items[at - 1]).is_lt() {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Puts what is smaller than the pivot left of it, what is greater right; the pivot's place.
fn partition<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) -> usize {
    let last = items.len() - 1;
    let middle = last / 2;
    swap_if_greater(items, 0, middle, order);
    swap_if_greater(items, 0, last, order);
    swap_if_greater(items, middle, last, order);
    let pivot = items[middle].clone();
    items.swap(middle, last - 1);
    let (mut left, mut right) = (0, last - 1);
    while left < right {
        left += 1;
        while left < last && order(&items[left], &pivot).is_lt() {
            left += 1;
        }
        right -= 1;
        while right > 0 && order(&pivot, &items[right]).is_lt() {
            right -= 1;
        }
        if left < right {
            items.swap(left, right);
        }
    }
    let place = left.min(last - 1);
    items.swap(place, last - 1);
    place
}

fn heap<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) {
    let count = items.len();
    for root in (0..count / 2).rev() {
        sift_down(items, root, count, order);
    }
    for end in (1..count).rev() {
        items.swap(0, end);
        sift_down(items, 0, end, order);
    }
}

fn sift_down<T: Clone>(items: &mut [T], mut at: usize, count: usize, order: &mut dyn FnMut(&T, &T) -> Ordering) {
    loop {
        let mut child = 2 * at + 1;
        if child >= count {
            return;
        }
        if child + 1 < count && order(&items[child], &items[child + 1]).is_lt() {
            child += 1;
        }
        if !order(&items[at], &items[child]).is_lt() {
            return;
        }
        items.swap(at, child);
        at = child;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_and_moves_equals_as_dotnet_does() {
        for count in [0usize, 1, 2, 3, 15, 16, 17, 40, 500] {
            let mut items: Vec<usize> = (0..count).map(|n| n * 7919 % (count + 1)).collect();
            introsort(&mut items, &mut Ord::cmp);
            assert!(items.is_sorted(), "{count}");
        }
        let mut three = [("b", 1), ("B", 2), ("a", 3)];
        introsort(&mut three, &mut |l, r| l.0.to_lowercase().cmp(&r.0.to_lowercase()));
        assert_eq!(three.map(|row| row.1), [3, 2, 1]);
    }

    #[test]
    fn survives_a_comparison_without_sense() {
        let mut items: Vec<u32> = (0..200).collect();
        introsort(&mut items, &mut |_, _| Ordering::Less);
        introsort(&mut items, &mut |_, _| Ordering::Greater);
        assert_eq!(items.len(), 200);
    }
}
