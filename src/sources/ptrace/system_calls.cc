#include "sources/ptrace/system_calls.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "tapset/call.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Capture;
using tapset::Field;
using tapset::Operation;
using tapset::Phase;

// As many bytes as can be read, up to `room`: pages that follow may not be there.
std::size_t read_what_is_there(pid_t process, std::uint64_t address, char* to, std::size_t room) {
  constexpr std::uint64_t page = 4096;
  std::size_t done = 0;
  while (done < room) {
    const std::uint64_t at = address + done;
    const std::size_t part = std::min<std::uint64_t>(room - done, page - at % page);
    if (!read_memory(process, at, to + done, part)) break;
    done += part;
  }
  return done;
}

// With its zero byte where that fits.
std::uint16_t capture_string(pid_t process, std::uint64_t address, char* to, std::size_t room) {
  const std::size_t there = read_what_is_there(process, address, to, room);
  const std::size_t length = ::strnlen(to, there);
  if (length == there && there < room) return SOCKTAP_NOT_CAPTURED;
  const std::size_t captured = std::min(length + 1, room);
  std::memset(to + captured, 0, room - captured);
  return static_cast<std::uint16_t>(captured);
}

// The strings that a list of pointers leads to, one after the other.
std::uint16_t capture_strings(pid_t process, std::uint64_t list, bool compat, char* to,
                              std::size_t room) {
  const std::size_t width = compat ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
  std::size_t used = 0;
  for (std::size_t i = 0; used < room; ++i) {
    std::uint64_t string = 0;
    if (!read_memory(process, list + i * width, &string, width)) {
      if (i == 0) return SOCKTAP_NOT_CAPTURED;
      break;
    }
    if (string == 0) break;
    const std::uint16_t length = capture_string(process, string, to + used, room - used);
    if (length == SOCKTAP_NOT_CAPTURED) break;
    used += length;
  }
  return static_cast<std::uint16_t>(used);
}

// How much of the thread's memory is at `to` afterwards.
std::uint16_t capture(const Thread& thread, const socktap_capture& wanted, char* to,
                      std::size_t room) {
  const BegunCall& call = *thread.call;
  if (wanted.argument >= call.arguments.size()) return SOCKTAP_NOT_CAPTURED;
  const std::uint64_t address = call.arguments[wanted.argument];
  std::uint64_t length = wanted.count;
  switch (static_cast<Capture::How>(wanted.how)) {
    case Capture::How::string:
      return capture_string(thread.number, address, to, room);
    case Capture::How::strings:
      return capture_strings(thread.number, address, call.compat, to, room);
    case Capture::How::bytes:
      if (wanted.count >= call.arguments.size()) return SOCKTAP_NOT_CAPTURED;
      length = call.arguments[wanted.count];
      if (call.compat) length &= 0xffff'ffff;
      break;
    case Capture::How::fixed:
      break;
    case Capture::How::nothing:
      return SOCKTAP_NOT_CAPTURED;
  }
  length = std::min<std::uint64_t>(length, room);
  if (length > 0 && !read_memory(thread.number, address, to, length)) return SOCKTAP_NOT_CAPTURED;
  return static_cast<std::uint16_t>(length);
}

}  // namespace

SystemCalls::SystemCalls(Emitter& emitter) : emitter_(emitter) {
  if (emitter.interest().wants(Operation::call))
    settings_ =
        std::make_unique<socktap_call_settings>(call_settings_for(emitter.interest().calls));
}

std::uint16_t SystemCalls::form_of(const BegunCall& call) const {
  if (call.part != 0)
    return call.part < SOCKTAP_SOCKETCALLS ? settings_->socketcall_forms[call.part]
                                           : settings_->unknown_forms;
  if (call.number >= SOCKTAP_CALL_NUMBERS) return settings_->unknown_forms;
  return call.compat ? settings_->compat_forms[call.number] : settings_->native_forms[call.number];
}

bool SystemCalls::begins(Thread& thread) {
  if (!settings_) return false;
  const std::uint16_t form = form_of(*thread.call);
  if (form & SOCKTAP_FORM_BEGIN) emit(thread, form, Phase::begin, 0);
  thread.form = form & SOCKTAP_FORM_CONCLUSION ? form : 0;
  return thread.form != 0;
}

void SystemCalls::ends(const Thread& thread, std::int64_t result) {
  emit(thread, thread.form, Phase::conclusion, result);
}

void SystemCalls::emit(const Thread& thread, std::uint16_t form, Phase phase, std::int64_t result) {
  emitter_.emit(thread, Operation::call, phase, [&](WholeEvent& whole) {
    Event& event = whole.record;
    event.size = result;
    event.success = result >= 0;
    event.call_number = static_cast<__s32>(thread.call->number);
    event.call_form = form & SOCKTAP_FORM_MASK;
    event.is_compat = thread.call->compat;
    if (emitter_.interest().fields.contains(Field::arguments))
      fill_arguments(whole.tail, thread, form);
  });
}

void SystemCalls::fill_arguments(EventTail& tail, const Thread& thread, std::uint16_t form) const {
  const tapset::FieldSet fields = emitter_.interest().fields;
  std::ranges::copy(thread.call->arguments, tail.call.arguments);
  tail.call.captured[0] = tail.call.captured[1] = SOCKTAP_NOT_CAPTURED;
  const socktap_capture* wanted = settings_->captures[form & SOCKTAP_FORM_MASK];
  if (fields.contains(Field::capture_0))
    tail.call.captured[0] =
        capture(thread, wanted[0], tail.call.capture_0, sizeof tail.call.capture_0);
  if (fields.contains(Field::capture_1))
    tail.call.captured[1] =
        capture(thread, wanted[1], tail.call.capture_1, sizeof tail.call.capture_1);
}

}  // namespace socktap::sources::ptrace
