//! Amounts as people read them: bytes, rates, times. Decimal units, as the makers of phones
//! and disks count.

/// Bytes: `512 bytes`, `64 kB`, `2.6 MB`.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", rounded(bytes, 1_000)),
        _ => {
            let tenths = rounded(bytes, 100_000);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// Bytes in a second: `212 kB/s`.
pub fn rate(bytes_per_second: u64) -> String {
    format!("{}/s", bytes(bytes_per_second))
}

/// A stretch of time: `5 s`, `1 min 20 s`, `12 min`. Seconds are no longer told where
/// nobody counts them.
pub fn duration(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes @ 1..10, seconds @ 1..) => format!("{minutes} min {seconds} s"),
        (minutes, _) => format!("{minutes} min"),
    }
}

/// Percent that are done; 100 only when all is done, and nothing of nothing is none.
pub fn percent(done: u64, total: u64) -> u8 {
    if total == 0 {
        return 0;
    }
    let hundredths = u128::from(done.min(total)) * 100 / u128::from(total);
    u8::try_from(hundredths).unwrap_or(100)
}

fn rounded(value: u64, unit: u64) -> u64 {
    value / unit + u64::from(value % unit >= unit.div_ceil(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_a_unit_that_fits() {
        for (number, shown) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (212_499, "212 kB"),
            (2_637_299, "2.6 MB"),
            (2_650_000, "2.7 MB"),
            (49_339_842, "49.3 MB"),
            (u64::MAX, "18446744073709.6 MB"),
        ] {
            assert_eq!(bytes(number), shown);
        }
        assert_eq!(rate(212_000), "212 kB/s");
    }

    #[test]
    fn times_are_as_exact_as_people_want_them() {
        for (seconds, shown) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (80, "1 min 20 s"),
            (599, "9 min 59 s"),
            (725, "12 min"),
        ] {
            assert_eq!(duration(seconds), shown);
        }
    }

    #[test]
    fn a_hundred_percent_means_all() {
        for (done, total, expected) in [(0, 0, 0), (0, 9, 0), (999, 1_000, 99), (9, 9, 100), (10, 9, 100)] {
            assert_eq!(percent(done, total), expected);
        }
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }
}
