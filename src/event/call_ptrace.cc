// The arguments of ptrace(2), which mean something else for each request.
#include <asm/ptrace.h>
#include <fmt/format.h>
#include <linux/ptrace.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;
using Id = tapset::Variable;

namespace {

std::string iovec_text(const CallView& view) {
  const std::size_t word = view.compat ? 4 : 8;
  const CallMemory memory = memory_of(std::int8_t{0}, view);
  std::string text = missing(memory, 2 * word);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t offset) {
    return view.compat ? memory.at<std::uint32_t>(offset) : memory.at<std::uint64_t>(offset);
  };
  return fmt::format("[{{{:#x}, {}}}]", at(0), at(word));
}

// How a request writes its address and its data.
struct Arguments {
  std::string address;
  std::string data;
};

// x86's own requests have numbers that no other has.
Arguments arguments_of(std::int64_t request, std::uint64_t address, std::uint64_t data,
                       const CallView& view) {
  const auto signal = [&] {
    return constants::name_of(constants::signal_name, static_cast<std::uint32_t>(data));
  };
  const auto options = [&] {
    return constants::names_of_bits(constants::ptrace_options, static_cast<std::int64_t>(data));
  };
  switch (request) {
    case PTRACE_PEEKTEXT:
    case PTRACE_PEEKDATA:
    case PTRACE_PEEKUSR:  // the data is where the C library wants the result
      return {hex(address), '[' + hex(data) + ']'};
    case PTRACE_CONT:
    case PTRACE_SYSCALL:
    case PTRACE_SINGLESTEP:
    case PTRACE_DETACH:
      return {hex(address), signal()};
    case PTRACE_GETREGSET:
    case PTRACE_SETREGSET:
      return {constants::name_of(constants::elf_notes, static_cast<std::int64_t>(address)),
              iovec_text(view)};
    case PTRACE_SETOPTIONS:
      return {hex(address), options()};
#if defined(__x86_64__)
    case PTRACE_SYSEMU:
    case PTRACE_SYSEMU_SINGLESTEP:
    case PTRACE_SINGLEBLOCK:
      return {hex(address), signal()};
    case PTRACE_OLDSETOPTIONS:
      return {hex(address), options()};
    case PTRACE_GET_THREAD_AREA:
    case PTRACE_SET_THREAD_AREA:
      return {fmt::format("{}", static_cast<std::int32_t>(address)), hex(data)};
    case PTRACE_ARCH_PRCTL:
      return {hex(address), constants::name_of(constants::ptrace_arch_prctl_codes,
                                               static_cast<std::uint32_t>(data))};
#endif
    default:
      return {hex(address), hex(data)};
  }
}

}  // namespace

std::string ptrace_arguments(const CallVariable&, const CallView& view) {
  const std::int64_t request = value_of(Id::request, view);
  const auto [address, data] =
      arguments_of(request, static_cast<std::uint64_t>(value_of(Id::addr, view)),
                   static_cast<std::uint64_t>(value_of(Id::data, view)), view);
  return fmt::format("{}, {}, {}, {}", constants::name_of(constants::ptrace_requests, request),
                     value_of(Id::pid, view), address, data);
}

}  // namespace socktap::rendering
