// System calls as such: any that is asked for, with its arguments and the memory they point to.
#pragma once

#include <cstdint>
#include <memory>

#include "sources/calls/call_forms.h"
#include "sources/ptrace/emitter.h"

namespace socktap::sources::ptrace {

class SystemCalls {
 public:
  explicit SystemCalls(Emitter& emitter);  // borrowed

  // Whether the end of the call is to be told, too; the thread has its form then.
  bool begins(Thread& thread);
  void ends(const Thread& thread, std::int64_t result);

 private:
  std::uint16_t form_of(const BegunCall& call) const;
  void emit(const Thread& thread, std::uint16_t form, tapset::Phase phase, std::int64_t result);
  void fill_arguments(EventTail& tail, const Thread& thread, std::uint16_t form) const;

  Emitter& emitter_;
  std::unique_ptr<socktap_call_settings> settings_;  // large
};

}  // namespace socktap::sources::ptrace
