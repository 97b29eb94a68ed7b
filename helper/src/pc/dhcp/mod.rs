//! A DHCP server of our own for the cable between this computer and the phone (case C12: the
//! display shows only a part of the address, or nothing at all). It decides the phone's address,
//! and learns who the phone is before anything else is said to it.
//!
//! A DHCP server in the wrong place takes a network away from everybody in it, so this one
//! runs only after the person has said yes, on a cable that leads nowhere, where nobody answered
//! its own question three times; it stops at once, for good, when another server is heard or a
//! router shows up; and it answers nobody but phones of this maker.
//!
//! - [`packet`] reads and writes messages, [`place`] says where a server may run, [`looking`] for
//!   how long it is asked before, [`pool`] which addresses there are, [`machine`] what is
//!   answered: all pure.
//! - [`wire`] is the sockets, [`cable`] runs one machine, [`servers`] is what others use: all
//!   cables that may have the phone, as one.

mod cable;
pub mod looking;
pub mod machine;
pub mod packet;
pub mod place;
pub mod pool;
mod servers;
mod wire;

pub use machine::{Guest, Told};
pub use place::Refusal;
pub use servers::{Refused, Servers, may_begin_on};
