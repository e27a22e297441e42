//! The socket itself: made for its owner alone, wherever the home lies, and deaf to every other user; of
//! a service of the system, for one group.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// Where the system says which groups there are.
const GROUPS: &str = "/etc/group";

/// A group of the system, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group(u32);

impl Group {
    /// The group of this name; none if this machine has none.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn named(name: &str) -> io::Result<Option<Self>> {
        Ok(find_group(&std::fs::read_to_string(GROUPS)?, name))
    }

    /// What the group with this number is called; the number itself if it has no name here.
    #[must_use]
    pub fn name_of(number: u32) -> String {
        let text = std::fs::read_to_string(GROUPS).unwrap_or_default();
        group_name(&text, number).unwrap_or_else(|| number.to_string())
    }

    /// Lets the group in where only the owner was. Whoever makes a file need not ask for a group that is
    /// its own already: a unit may forbid asking.
    fn let_in(self, path: &Path, mode: u32) -> io::Result<()> {
        if std::fs::metadata(path)?.gid() != self.0 {
            chown(path, None, Some(self.0))?;
        }
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode))
    }
}

/// From the text of `/etc/group`: `name:x:number:members`.
pub(super) fn find_group(text: &str, name: &str) -> Option<Group> {
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        fields.nth(1)?.parse().ok().map(Group)
    })
}

/// The other way round.
pub(super) fn group_name(text: &str, number: u32) -> Option<String> {
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let found: u32 = fields.nth(1)?.parse().ok()?;
        (found == number).then(|| name.to_owned())
    })
}

/// Opens the socket at `path` with mode 0600, in a directory of mode 0700 that is made if missing; for a
/// group 0660 in 0750.
///
/// A socket file left by a killed node is replaced, so the caller must hold the home's lock.
///
/// # Errors
/// Whatever the system says; also if something else than a socket stands at `path`.
pub fn listen(path: &Path, group: Option<Group>) -> io::Result<UnixListener> {
    if let Some(dir) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)?;
        std::fs::set_permissions(dir, PermissionsExt::from_mode(0o700))?;
        group.map_or(Ok(()), |group| group.let_in(dir, 0o750))?;
    }
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path)?,
        Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => {}
    }
    let short = ShortPath::of(path)?;
    let listener = UnixListener::bind(&short.path)?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))?;
    group.map_or(Ok(()), |group| group.let_in(path, 0o660))?;
    Ok(listener)
}

/// The longest path that a socket's address holds, in bytes, on every system we know.
const SOCKET_PATH_BYTES_MAX: usize = 100;

/// A way to name a socket however deep its home lies: through its directory, held open.
pub(super) struct ShortPath {
    pub path: PathBuf,
    _dir: Option<File>,
}

impl ShortPath {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let (dir, name) = match (path.parent(), path.file_name()) {
            (Some(dir), Some(name)) if path.as_os_str().len() > SOCKET_PATH_BYTES_MAX => {
                (dir, name)
            }
            _ => {
                let path = path.to_owned();
                return Ok(Self { path, _dir: None });
            }
        };
        let dir = File::open(dir)?;
        let path = Path::new("/proc/self/fd").join(dir.as_raw_fd().to_string());
        Ok(Self {
            path: path.join(name),
            _dir: Some(dir),
        })
    }
}

pub(super) fn may_ask(stream: &UnixStream, to_group: bool) -> bool {
    let own = rustix::process::geteuid().as_raw();
    let peer = stream.peer_cred();
    peer.is_ok_and(|peer| is_let_in(peer.uid(), own, to_group))
}

/// Not even root: whoever is root needs no socket to read the disk, and mistakes stay out. Of a group it
/// is the kernel that asks who is in it, by the modes of the socket and its directory: behind them only
/// root can still be somebody else.
pub(super) fn is_let_in(peer: u32, own: u32, to_group: bool) -> bool {
    peer == own || (to_group && peer != 0)
}
