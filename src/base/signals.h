// Signals in a program that has threads and handlers of its own.
#pragma once

#include <csignal>

namespace socktap {

// All signals wait, on the calling thread, while it lives. Around fork(): the handlers that a child
// begins with are its maker's, and would act for it.
class BlockedSignals {
 public:
  BlockedSignals();
  ~BlockedSignals();
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

// In such a child: what has a handler has its default action. What is ignored stays so, as it does
// by exec.
void drop_signal_handlers();

// Signals come again, whatever the maker's thread has blocked.
void unblock_signals();

// A write to a pipe that nobody reads fails with EPIPE, on the calling thread, and that is all.
class NoSigpipe {
 public:
  NoSigpipe();
  ~NoSigpipe();
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  bool was_pending_;  // and is somebody else's
  sigset_t before_;
};

}  // namespace socktap
