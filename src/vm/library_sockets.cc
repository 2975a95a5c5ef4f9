// The socket tapset's names, addresses and errnos.
#include <fmt/format.h>

#include "base/errno_names.h"
#include "socktap/tapset.h"
#include "vm/library_functions.h"

namespace socktap::vm::library {
namespace {

std::int64_t number(const LibraryCall& call) { return call.arguments[0].number; }
std::string_view text(const LibraryCall& call) { return call.arguments[0].text; }

constexpr std::int64_t family_inet = family_number("INET");
constexpr std::int64_t family_inet6 = family_number("INET6");

// The address's bytes lie in memory as they came from the network.
void append_ipv4(std::int64_t address, std::string& out) {
  const auto bits = static_cast<std::uint32_t>(address);
  fmt::format_to(std::back_inserter(out), "{}.{}.{}.{}", bits & 255, bits >> 8 & 255,
                 bits >> 16 & 255, bits >> 24);
}

std::uint64_t magnitude(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? 0 - bits : bits;
}

}  // namespace

void sock_prot_num2str(LibraryCall& call) { call.text = protocol_name(number(call)); }
void sock_prot_str2num(LibraryCall& call) { call.number = protocol_number(text(call)); }
void sock_fam_num2str(LibraryCall& call) { call.text = family_name(number(call)); }
void sock_fam_str2num(LibraryCall& call) { call.number = family_number(text(call)); }
void sock_state_num2str(LibraryCall& call) { call.text = state_name(number(call)); }
void sock_state_str2num(LibraryCall& call) { call.number = state_number(text(call)); }
void sock_type_num2str(LibraryCall& call) { call.text = type_name(number(call)); }
void sock_type_str2num(LibraryCall& call) { call.number = type_number(text(call)); }
void sock_flags_num2str(LibraryCall& call) { call.text = socket_flag_names(number(call)); }
void msg_flags_num2str(LibraryCall& call) { call.text = message_flag_names(number(call)); }

void af_inet(LibraryCall& call) { call.number = family_inet; }
void af_inet6(LibraryCall& call) { call.number = family_inet6; }
void ip_ntop(LibraryCall& call) { append_ipv4(number(call), call.text); }

void format_ipaddr(LibraryCall& call) {
  const std::int64_t family = call.arguments[1].number;
  if (family == family_inet) {
    append_ipv4(number(call), call.text);
  } else if (family == family_inet6) {
    call.error = "format_ipaddr: an IPv6 address is a place in the kernel's memory, not read here";
  } else {
    call.text = "*unknown address family*";
  }
}

void errno_str(LibraryCall& call) {
  const std::uint64_t code = magnitude(number(call));
  call.text = errno_name(code);
  if (call.text.empty() && code != 0) call.text = fmt::format("E#{}", code);
}

void errno_p(LibraryCall& call) {
  const std::uint64_t code = magnitude(number(call));
  call.number = errno_name(code).empty() ? 0 : static_cast<std::int64_t>(code);
}

void append_result(std::int64_t base, std::int64_t result, std::string& out) {
  const auto bits = static_cast<std::uint64_t>(result);
  const auto end = std::back_inserter(out);
  const std::string_view name = result < 0 ? errno_name(magnitude(result)) : "";
  if (!name.empty()) {
    fmt::format_to(end, "{} ({})", result, name);
  } else if (base == 2) {
    fmt::format_to(end, "0x{:x}", bits);
  } else if (base == 3) {
    fmt::format_to(end, "0{:o}", bits);
  } else {
    fmt::format_to(end, "{}", result);
  }
}

void return_str(LibraryCall& call) {
  append_result(number(call), call.arguments[1].number, call.text);
}

}  // namespace socktap::vm::library
