//! How many connections there may be, in all and for each source address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::Refused;

/// Who sits where.
#[derive(Debug)]
pub struct Seats {
    max_in_all: usize,
    max_of_source: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    in_all: usize,
    by_source: HashMap<IpAddr, usize>,
}

/// The right to one connection; given back when dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    source: Option<IpAddr>,
}

impl Seats {
    /// Seats for this many in all, and for this many of one source.
    pub fn new(max_in_all: usize, max_of_source: usize) -> Arc<Self> {
        Arc::new(Self { max_in_all, max_of_source, taken: Mutex::default() })
    }

    /// Takes a seat for a connection from `source`; without one only the total counts.
    pub fn take(self: &Arc<Self>, source: Option<IpAddr>) -> Result<Seat, Refused> {
        let source = source.map(block);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.in_all >= self.max_in_all {
            return Err(Refused::Full);
        }
        if let Some(source) = source {
            let of_source = taken.by_source.entry(source).or_default();
            if *of_source >= self.max_of_source {
                return Err(Refused::FullForSource);
            }
            *of_source += 1;
        }
        taken.in_all += 1;
        Ok(Seat { seats: self.clone(), source })
    }

    /// How many are taken, and how many there are.
    pub fn occupied(&self) -> (usize, usize) {
        (self.taken.lock().unwrap_or_else(PoisonError::into_inner).in_all, self.max_in_all)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.in_all = taken.in_all.saturating_sub(1);
        if let Some(source) = self.source
            && let Some(of_source) = taken.by_source.get_mut(&source)
        {
            *of_source = of_source.saturating_sub(1);
            if *of_source == 0 {
                taken.by_source.remove(&source);
            }
        }
    }
}

/// Who holds one address of an IPv6 network of 64 bits holds them all.
fn block(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_counted_for_each_source_and_given_back() {
        let seats = Seats::new(3, 2);
        let one: Option<IpAddr> = "2001:db8::1".parse().ok();
        let neighbour: Option<IpAddr> = "2001:db8::ffff".parse().ok();
        let other: Option<IpAddr> = "::ffff:192.0.2.1".parse().ok();

        let first = seats.take(one).expect("free");
        let _second = seats.take(neighbour).expect("free");
        assert_eq!(seats.take(one).err(), Some(Refused::FullForSource));
        let _third = seats.take(other).expect("free");
        assert_eq!(seats.take(None).err(), Some(Refused::Full));
        drop(first);
        let _fourth = seats.take(one).expect("free again");
    }
}
