//! Three calls of Windows, each with the contract of its page in Microsoft's documentation.

#![allow(unsafe_code, reason = "calls of the system; each says why it is sound")]

use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Storage::FileSystem::GetDiskFreeSpaceExW;
use windows_sys::Win32::System::Power::{
    ES_CONTINUOUS, ES_SYSTEM_REQUIRED, GetSystemPowerStatus, SYSTEM_POWER_STATUS, SetThreadExecutionState,
};

use crate::pc::power::windows::Raw;

/// Bytes that this user may still write to the disk on which this folder is.
pub(in crate::pc) fn free_bytes(folder: &Path) -> io::Result<u64> {
    let wide: Vec<u16> = folder.as_os_str().encode_wide().chain([0]).collect();
    let mut free = 0;
    // SAFETY: `wide` ends with a zero and outlives the call; `free` is a u64 that the call may
    // write to; the two others may be null.
    let done = unsafe { GetDiskFreeSpaceExW(wide.as_ptr(), &raw mut free, ptr::null_mut(), ptr::null_mut()) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(free) }
}

/// What the computer runs on.
pub(in crate::pc) fn power_status() -> Option<Raw> {
    let mut status = SYSTEM_POWER_STATUS::default();
    // SAFETY: the call fills in the structure that it is given, which lives here.
    let done = unsafe { GetSystemPowerStatus(&raw mut status) };
    (done != 0).then_some(Raw {
        line: status.ACLineStatus,
        battery: status.BatteryFlag,
        percent: status.BatteryLifePercent,
    })
}

/// Keeps the system awake as long as this thread lives, or no more. Says whether it took it.
pub(in crate::pc) fn stay_awake(wanted: bool) -> bool {
    let state = if wanted { ES_CONTINUOUS | ES_SYSTEM_REQUIRED } else { ES_CONTINUOUS };
    // SAFETY: it takes a number and keeps no pointer; 0 is its word for a failure.
    unsafe { SetThreadExecutionState(state) != 0 }
}
