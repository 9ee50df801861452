//! The sort of .NET's lists. It is not stable, so objects whose keys are equal come out in an order of its own,
//! which scripts see: Sort-Object without -Stable must do the same steps. Introsort as published by David Musser.

use std::cmp::Ordering;

/// Compares two items.
pub(super) type Order<'a, T> = &'a mut dyn FnMut(&T, &T) -> Ordering;

/// Partitions up to this length are sorted by insertion.
const SMALL: usize = 16;

/// Sorts in .NET's order of steps.
pub(super) fn introsort<T: Copy>(items: &mut [T], order: Order<'_, T>) {
    if items.len() > 1 {
        let depth = 2 * (items.len().ilog2() as usize + 1);
        sort(items, depth, order);
    }
}

fn sort<T: Copy>(mut items: &mut [T], mut depth: usize, order: Order<'_, T>) {
    while items.len() > SMALL {
        if depth == 0 {
            return heap_sort(items, order);
        }
        depth -= 1;
        let pivot = partition(items, order);
        let (left, right) = items.split_at_mut(pivot);
        sort(right.get_mut(1..).unwrap_or_default(), depth, order);
        items = left;
    }
    match items.len() {
        0 | 1 => {}
        2 => swap_if_greater(items, 0, 1, order),
        3 => [(0, 1), (0, 2), (1, 2)].into_iter().for_each(|(a, b)| swap_if_greater(items, a, b, order)),
        _ => insertion_sort(items, order),
    }
}

fn swap_if_greater<T: Copy>(items: &mut [T], left: usize, right: usize, order: Order<'_, T>) {
    if order(&items[left], &items[right]).is_gt() {
        items.swap(left, right);
    }
}

/// Puts a pivot in its place, smaller items before it and greater ones behind; gives that place.
fn partition<T: Copy>(items: &mut [T], order: Order<'_, T>) -> usize {
    let last = items.len() - 1;
    let middle = last / 2;
    for (a, b) in [(0, middle), (0, last), (middle, last)] {
        swap_if_greater(items, a, b, order);
    }
    let pivot = items[middle];
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
        if left >= right {
            break;
        }
        items.swap(left, right);
    }
    if left != last - 1 {
        items.swap(left, last - 1);
    }
    left
}

fn insertion_sort<T: Copy>(items: &mut [T], order: Order<'_, T>) {
    for at in 1..items.len() {
        let item = items[at];
        let mut place = at;
        while place > 0 && order(&item, &items[place - 1]).is_lt() {
            items[place] = items[place - 1];
            place -= 1;
        }
        items[place] = item;
    }
}

fn heap_sort<T: Copy>(items: &mut [T], order: Order<'_, T>) {
    let count = items.len();
    for at in (1..=count / 2).rev() {
        sink(items, at, count, order);
    }
    for at in (2..=count).rev() {
        items.swap(0, at - 1);
        sink(items, 1, at - 1, order);
    }
}

/// Moves an item down its heap; places count from 1.
fn sink<T: Copy>(items: &mut [T], mut at: usize, count: usize, order: Order<'_, T>) {
    let item = items[at - 1];
    while at <= count / 2 {
        let mut child = 2 * at;
        if child < count && order(&items[child - 1], &items[child]).is_lt() {
            child += 1;
        }
        if !order(&item, &items[child - 1]).is_lt() {
            break;
        }
        items[at - 1] = items[child - 1];
        at = child;
    }
    items[at - 1] = item;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_any_length_and_keeps_ties_as_dot_net_does() {
        for count in [0u32, 1, 2, 3, 4, 16, 17, 40, 1000] {
            let mut items: Vec<u32> = (0..count).map(|n| n.wrapping_mul(2_654_435_761) % 97).collect();
            let mut wanted = items.clone();
            wanted.sort_unstable();
            introsort(&mut items, &mut |a, b| a.cmp(b));
            assert_eq!(items, wanted, "{count}");
        }
        // Three items are sorted by exchanges, which turn two equal ones around.
        let mut three = [(2, 'a'), (2, 'b'), (1, 'c')];
        introsort(&mut three, &mut |a, b| a.0.cmp(&b.0));
        assert_eq!(three, [(1, 'c'), (2, 'b'), (2, 'a')]);
    }

    #[test]
    fn a_heap_sorts_too() {
        let mut items: Vec<u32> = (0..50).map(|n| n * 37 % 50).collect();
        heap_sort(&mut items, &mut |a, b| a.cmp(b));
        assert!(items.is_sorted());
    }
}
