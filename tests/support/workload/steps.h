// What the workload does, in the order it does it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workbench.h"

namespace socktap::workload {

// One thing, by itself: it leaves no socket open.
struct Step {
  std::string name;  // "tcp4/send/writev"
  std::function<void(Workbench&)> run;
};

// One function a file, named for what its steps drive.
void add_call_steps(std::vector<Step>& steps);       // every call on every kind of socket
void add_batch_steps(std::vector<Step>& steps);      // sendmmsg and recvmmsg of several
void add_bulk_steps(std::vector<Step>& steps);       // messages that the kernel may cut in pieces
void add_boundary_steps(std::vector<Step>& steps);   // peeking, truncation, end of file, nothing
void add_addressed_steps(std::vector<Step>& steps);  // unconnected datagrams, netlink to the kernel
void add_refused_steps(std::vector<Step>& steps);    // messages that fail
void add_no_message_steps(std::vector<Step>& steps);  // calls that never reach a socket
void add_deferred_steps(std::vector<Step>& steps);    // io_uring on unready sockets and workers
void add_thread_steps(std::vector<Step>& steps);      // several threads, signals
void add_create_steps(std::vector<Step>& steps);
void add_close_steps(std::vector<Step>& steps);
void add_process_steps(std::vector<Step>& steps);  // execve, exit, fork
void add_compat_steps(std::vector<Step>& steps);   // the i386 system calls

std::vector<Step> all_steps();

}  // namespace socktap::workload
