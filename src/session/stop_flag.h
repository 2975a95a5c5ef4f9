// How a signal handler asks a run to end. The only thing that both sides touch.
#pragma once

#include <atomic>

namespace socktap::session {

class StopFlag {
 public:
  void request(int signal) { signal_.store(signal, std::memory_order_relaxed); }  // signal-safe
  void reset() { signal_.store(0, std::memory_order_relaxed); }
  bool requested() const { return signal_.load(std::memory_order_relaxed) != 0; }

 private:
  std::atomic<int> signal_{0};
  static_assert(std::atomic<int>::is_always_lock_free);
};

}  // namespace socktap::session
