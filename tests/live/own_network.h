// A network of a child's own: nobody else's frames reach its packet sockets.
#pragma once

namespace socktap::test {

// Moves the calling process into a new network namespace with its loopback up; stays where it is
// if that is refused. For a child between fork() and exec().
void enter_own_network();

}  // namespace socktap::test
