// Signals: sets of them, what they do, and what comes with them.
#include <fmt/format.h>
#include <signal.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;

namespace {

std::string signals_in(std::uint64_t set) {
  std::string text;
  for (const auto& [number, name] : constants::signal_name) {
    if (number < 1 || number > 64 || (set >> (number - 1) & 1) == 0) continue;
    text += text.empty() ? '[' : '|';
    text += name;
  }
  return text.empty() ? "[EMPTY]" : text + ']';
}

struct Action {
  std::uint64_t handler;
  std::uint64_t flags;
  std::uint64_t restorer;
  std::uint64_t mask;
};

std::string action_text(const Action& action) {
  std::string handler =
      constants::name_of(constants::signal_handler, static_cast<std::int64_t>(action.handler));
  if (action.handler <= 1) return handler;
  return fmt::format(
      "{}, {}, {:#x}, {}", handler,
      constants::names_of_bits(constants::sigaction_flags, static_cast<std::int64_t>(action.flags)),
      action.restorer, signals_in(action.mask));
}

// Where the fields of siginfo_t lie.
struct InfoLayout {
  std::size_t fields;   // those that depend on the signal
  std::size_t pointer;  // bytes of one
  std::size_t size;
};

std::uint64_t pointer_at(const CallMemory& memory, std::size_t offset, std::size_t size) {
  return size == 8 ? memory.at<std::uint64_t>(offset) : memory.at<std::uint32_t>(offset);
}

// The name of si_code, which means something of its own for some signals.
std::string code_text(std::int32_t signal, std::int32_t code) {
  static constexpr constants::Constants of_any = {
      {SI_USER, "SI_USER"},   {SI_KERNEL, "SI_KERNEL"}, {SI_QUEUE, "SI_QUEUE"},
      {SI_TIMER, "SI_TIMER"}, {SI_MESGQ, "SI_MESGQ"},   {SI_ASYNCIO, "SI_ASYNCIO"},
      {SI_SIGIO, "SI_SIGIO"}, {SI_TKILL, "SI_TKILL"},   {-7, "SI_DETHREAD"},
  };
  static constexpr constants::Constants of_child = {
      {CLD_EXITED, "CLD_EXITED"},   {CLD_KILLED, "CLD_KILLED"},   {CLD_DUMPED, "CLD_DUMPED"},
      {CLD_TRAPPED, "CLD_TRAPPED"}, {CLD_STOPPED, "CLD_STOPPED"}, {CLD_CONTINUED, "CLD_CONTINUED"},
  };
  static constexpr constants::Constants of_fault = {
      {SEGV_MAPERR, "SEGV_MAPERR"},
      {SEGV_ACCERR, "SEGV_ACCERR"},
      {3, "SEGV_BNDERR"},
  };
  std::string text = constants::name_of(of_any, code);
  if (!text.starts_with("0x")) return text;
  if (signal == SIGCHLD) return constants::name_of(of_child, code);
  if (signal == SIGSEGV) return constants::name_of(of_fault, code);
  return text;
}

std::string details_text(const CallMemory& memory, std::int32_t signal, std::int32_t code,
                         const InfoLayout& layout) {
  const std::size_t first = layout.fields;
  const auto sender = [&] {
    return fmt::format(", si_pid={}, si_uid={}", memory.at<std::uint32_t>(first),
                       memory.at<std::uint32_t>(first + 4));
  };
  if (code == SI_TIMER) {
    return fmt::format(", si_tid={:#x}, si_overrun={}", memory.at<std::uint32_t>(first),
                       memory.at<std::int32_t>(first + 4));
  }
  if (code <= 0) return sender();  // a process sent it
  switch (signal) {
    case SIGCHLD: {
      const auto status = memory.at<std::int32_t>(first + 8);
      return fmt::format("{}, si_status={}", sender(),
                         code == CLD_EXITED ? fmt::format("{}", status)
                                            : constants::name_of(constants::signal_name, status));
    }
    case SIGILL:
    case SIGFPE:
    case SIGSEGV:
    case SIGBUS:
      return ", si_addr=" + hex(pointer_at(memory, first, layout.pointer));
    case SIGPOLL:
      if (code > POLL_MSG) return {};
      return fmt::format(", si_band={}",
                         static_cast<std::int64_t>(pointer_at(memory, first, layout.pointer)));
    case SIGSYS:
      return fmt::format(", si_call_addr={:#x}, si_syscall={}, si_arch={}",
                         pointer_at(memory, first, layout.pointer),
                         memory.at<std::int32_t>(first + layout.pointer),
                         memory.at<std::uint32_t>(first + layout.pointer + 4));
    default:
      return memory.at<std::uint64_t>(first) == 0 ? std::string() : sender();
  }
}

std::string info_text(const CallMemory& memory, const InfoLayout& layout) {
  std::string text = missing(memory, layout.size);
  if (!text.empty()) return text;
  const auto signal = memory.at<std::int32_t>(0);
  const auto code = memory.at<std::int32_t>(8);
  return fmt::format("{{si_signo={}, si_code={}{}}}",
                     constants::name_of(constants::signal_name, signal), code_text(signal, code),
                     details_text(memory, signal, code, layout));
}

}  // namespace

std::string sigset(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 8);
  return text.empty() ? signals_in(memory.at<std::uint64_t>(0)) : text;
}

std::string sigmask_bits(const CallVariable& variable, const CallView& view) {
  return signals_in(static_cast<std::uint64_t>(value_of(variable.of, view)));
}

std::string sigaction(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 32);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t offset) { return memory.at<std::uint64_t>(offset); };
  return action_text({at(0), at(8), at(16), at(24)});
}

std::string sigaction32(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 20);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t offset) { return memory.at<std::uint32_t>(offset); };
  return action_text({at(0), at(4), at(8), memory.at<std::uint64_t>(12)});
}

std::string old_sigaction32(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 16);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t offset) { return memory.at<std::uint32_t>(offset); };
  return action_text({.handler = at(0), .flags = at(8), .restorer = at(12), .mask = at(4)});
}

std::string siginfo(const CallVariable& variable, const CallView& view) {
  return info_text(memory_of(variable, view), {.fields = 16, .pointer = 8, .size = 32});
}
std::string siginfo32(const CallVariable& variable, const CallView& view) {
  return info_text(memory_of(variable, view), {.fields = 12, .pointer = 4, .size = 24});
}

// Unlike of other structs, NULL is written as an address.
std::string sigaltstack(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  if (!missing(memory, 24).empty()) return hex(memory.address);
  return fmt::format("{{ss_sp={:#x}, ss_flags={}, ss_size={}}}", memory.at<std::uint64_t>(0),
                     constants::name_of(constants::sigaltstack_flags, memory.at<std::int32_t>(8)),
                     memory.at<std::uint64_t>(16));
}
std::string sigaltstack32(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  if (!missing(memory, 12).empty()) return hex(memory.address);
  return fmt::format("{{ss_sp={:#x}, ss_flags={}, ss_size={}}}", memory.at<std::uint32_t>(0),
                     constants::name_of(constants::sigaltstack_flags, memory.at<std::int32_t>(4)),
                     memory.at<std::uint32_t>(8));
}

}  // namespace socktap::rendering
