#include "sources/calls/call_forms.h"

#include <seccomp.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "tapset/calls.h"

namespace socktap::sources {
namespace {

using tapset::Call;
using tapset::Capture;
using tapset::Phase;

static_assert(SOCKTAP_CAPTURE_NOTHING == static_cast<int>(Capture::How::nothing));
static_assert(SOCKTAP_CAPTURE_STRING == static_cast<int>(Capture::How::string));
static_assert(SOCKTAP_CAPTURE_BYTES == static_cast<int>(Capture::How::bytes));
static_assert(SOCKTAP_CAPTURE_FIXED == static_cast<int>(Capture::How::fixed));
static_assert(SOCKTAP_CAPTURE_STRINGS == static_cast<int>(Capture::How::strings));
static_assert(SOCKTAP_CAPTURE_0 == tapset::capture_sizes[0]);
static_assert(SOCKTAP_CAPTURE_1 == tapset::capture_sizes[1]);

// What 32-bit tasks of the machine call.
#if defined(__x86_64__)
constexpr std::uint32_t compat_architecture = SCMP_ARCH_X86;
#elif defined(__aarch64__)
constexpr std::uint32_t compat_architecture = SCMP_ARCH_ARM;
#endif

struct NumberedName {
  std::string_view name;
  int number;
};

// On i386 libseccomp knows these through socketcall(2) and ipc(2) only.
constexpr NumberedName direct_on_i386[] = {
    {"recvmmsg", 337},   {"sendmmsg", 345},   {"socket", 359},      {"socketpair", 360},
    {"bind", 361},       {"connect", 362},    {"listen", 363},      {"accept4", 364},
    {"getsockopt", 365}, {"setsockopt", 366}, {"getsockname", 367}, {"getpeername", 368},
    {"sendto", 369},     {"sendmsg", 370},    {"recvfrom", 371},    {"recvmsg", 372},
    {"shutdown", 373},   {"semget", 393},     {"semctl", 394},      {"shmget", 395},
    {"shmctl", 396},     {"shmat", 397},      {"shmdt", 398},       {"msgget", 399},
    {"msgsnd", 400},     {"msgrcv", 401},     {"msgctl", 402},
};
// New ones have one number on every architecture, and are younger than the library may be.
constexpr NumberedName new_everywhere[] = {
    {"map_shadow_stack", 453}, {"futex_wake", 454}, {"futex_wait", 455}, {"futex_requeue", 456},
    {"statmount", 457},        {"listmount", 458},  {"mseal", 462},
};

int find(std::span<const NumberedName> table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &NumberedName::name);
  return found == table.end() ? -1 : found->number;
}

// Negative: the architecture does not have it.
int number_of(std::uint32_t architecture, std::string_view name) {
  const int number = ::seccomp_syscall_resolve_name_arch(architecture, std::string(name).c_str());
  if (number >= 0) return number;
  const int direct = architecture == SCMP_ARCH_X86 ? find(direct_on_i386, name) : -1;
  return direct >= 0 ? direct : find(new_everywhere, name);
}

template <typename Names>
bool is_any_made(const Names& names, std::uint32_t architecture) {
  return std::ranges::any_of(
      names, [&](std::string_view name) { return number_of(architecture, name) >= 0; });
}

bool is_made_here(const Call& call) {
  return call.socketcall != 0 || is_any_made(call.native, SCMP_ARCH_NATIVE) ||
         is_any_made(call.compat, compat_architecture);
}

template <typename Names>
void enter(__u16 (&forms)[SOCKTAP_CALL_NUMBERS], const Names& names, std::uint32_t architecture,
           __u16 form) {
  for (const std::string_view name : names) {
    const int number = number_of(architecture, name);
    if (number >= 0 && number < SOCKTAP_CALL_NUMBERS) forms[number] = form;
  }
}

__u16 bits_of(bool begin, bool conclusion) {
  return static_cast<__u16>((begin ? SOCKTAP_FORM_BEGIN : 0) |
                            (conclusion ? SOCKTAP_FORM_CONCLUSION : 0));
}

void enter_form(socktap_call_settings& settings, const Call& call, __u16 form) {
  enter(settings.native_forms, call.native, SCMP_ARCH_NATIVE, form);
  enter(settings.compat_forms, call.compat, compat_architecture, form);
  if (call.socketcall != 0) settings.socketcall_forms[call.socketcall] = form;
  socktap_capture* captures = settings.captures[form & SOCKTAP_FORM_MASK];
  for (std::size_t i = 0; i < SOCKTAP_CAPTURES; ++i)
    captures[i] = {static_cast<__u8>(call.captures[i].how), call.captures[i].argument,
                   call.captures[i].count};
}

}  // namespace

socktap_call_settings call_settings_for(const CallInterest& calls) {
  socktap_call_settings settings{};
  settings.unknown_forms = bits_of(calls.unknown[0], calls.unknown[1]);
  for (__u16& form : settings.native_forms) form = settings.unknown_forms;
  for (__u16& form : settings.compat_forms) form = settings.unknown_forms;
  for (__u16& form : settings.socketcall_forms) form = settings.unknown_forms;
  const auto all = tapset::calls();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const __u16 wanted =
        bits_of(calls.wants(i, Phase::begin), all[i].returns && calls.wants(i, Phase::conclusion));
    if (wanted != 0) enter_form(settings, all[i], static_cast<__u16>((i + 1) | wanted));
  }
  return settings;
}

std::vector<std::string_view> absent_calls(const CallInterest& calls) {
  std::set<std::string_view> absent, present;
  const auto all = tapset::calls();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (calls.wants(i, Phase::begin) || calls.wants(i, Phase::conclusion))
      (is_made_here(all[i]) ? present : absent).insert(all[i].point);
  std::vector<std::string_view> result;
  std::ranges::set_difference(absent, present, std::back_inserter(result));
  return result;
}

}  // namespace socktap::sources
