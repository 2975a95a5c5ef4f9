// The arguments of prctl(2), which mean something else for each option.
#include <fmt/format.h>
#include <linux/prctl.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;
using Id = tapset::Variable;

namespace {

// How an option writes what follows it.
enum class Form {
  nothing,
  hex,           // arg2
  decimal,       // arg2
  named,         // arg2
  named_signed,  // arg2, and as a decimal number where it has no name
  bits,          // arg2
  named_hex,     // arg2, arg3
  mce_kill,      // arg2, and arg3 but for PR_MCE_KILL_CLEAR
  all            // arg2 to arg5
};

struct Row {
  std::int64_t option;
  Form form;
  const constants::Constants* names = nullptr;
};

constexpr Row rows[] = {
    {PR_GET_DUMPABLE, Form::nothing},
    {PR_GET_TIMING, Form::nothing},
    {PR_GET_KEEPCAPS, Form::nothing},
    {PR_GET_SECCOMP, Form::nothing},
    {PR_TASK_PERF_EVENTS_DISABLE, Form::nothing},
    {PR_TASK_PERF_EVENTS_ENABLE, Form::nothing},
    {PR_GET_TIMERSLACK, Form::nothing},
    {PR_MCE_KILL_GET, Form::nothing},
    {PR_GET_NO_NEW_PRIVS, Form::nothing},
    {PR_GET_THP_DISABLE, Form::nothing},
    {PR_MPX_ENABLE_MANAGEMENT, Form::nothing},
    {PR_MPX_DISABLE_MANAGEMENT, Form::nothing},
    {PR_GET_SECUREBITS, Form::nothing},
    {PR_SET_UNALIGN, Form::named, &constants::unaligned_access},
    {PR_SET_FPEMU, Form::named, &constants::fpu_emulation},
    {PR_SET_FPEXC, Form::named, &constants::fpu_exceptions},
    {PR_SET_TIMING, Form::named, &constants::process_timing},
    {PR_SET_ENDIAN, Form::named, &constants::byte_orders},
    {PR_SET_TSC, Form::named, &constants::tsc_access},
    {PR_SET_PTRACER, Form::named_signed, &constants::tracers},
    {PR_CAPBSET_READ, Form::named, &constants::capabilities},
    {PR_CAPBSET_DROP, Form::named, &constants::capabilities},
    {PR_SET_SECUREBITS, Form::bits, &constants::securebits},
    {PR_SET_PDEATHSIG, Form::hex},
    {PR_GET_PDEATHSIG, Form::hex},
    {PR_GET_UNALIGN, Form::hex},
    {PR_GET_FPEMU, Form::hex},
    {PR_GET_FPEXC, Form::hex},
    {PR_SET_NAME, Form::hex},
    {PR_GET_NAME, Form::hex},
    {PR_GET_ENDIAN, Form::hex},
    {PR_GET_TSC, Form::hex},
    {PR_GET_TID_ADDRESS, Form::hex},
    {PR_GET_CHILD_SUBREAPER, Form::hex},
    {PR_SET_THP_DISABLE, Form::hex},
    {PR_SET_DUMPABLE, Form::decimal},
    {PR_SET_KEEPCAPS, Form::decimal},
    {PR_SET_CHILD_SUBREAPER, Form::decimal},
    {PR_SET_NO_NEW_PRIVS, Form::decimal},
    {PR_SET_TIMERSLACK, Form::decimal},
    {PR_MCE_KILL, Form::mce_kill, &constants::mce_kill},
    {PR_SET_SECCOMP, Form::named_hex, &constants::seccomp_modes},
    {PR_SET_MM, Form::named_hex, &constants::memory_map_fields},
};

Row row_of(std::int64_t option) {
  for (const Row& row : rows) {
    if (row.option == option) return row;
  }
  return {option, Form::all};
}

std::string mce_kill_text(std::int64_t action, std::int64_t policy) {
  std::string name = constants::name_of(constants::mce_kill, action);
  if (action == PR_MCE_KILL_CLEAR) return name;
  if (action != PR_MCE_KILL_SET) return name + ", " + hex(static_cast<std::uint64_t>(policy));
  return name + ", " + constants::name_of(constants::mce_kill_policies, policy);
}

}  // namespace

std::string prctl_arguments(const CallVariable&, const CallView& view) {
  const auto option = static_cast<std::uint32_t>(value_of(Id::option, view));
  const std::int64_t second = value_of(Id::arg2, view);
  const std::int64_t third = value_of(Id::arg3, view);
  std::string start = constants::name_of(constants::prctl_options, option) + ", ";
  const auto in_hex = [](std::int64_t number) { return hex(static_cast<std::uint64_t>(number)); };
  switch (const Row row = row_of(option); row.form) {
    case Form::nothing:
      return start.substr(0, start.size() - 2);
    case Form::hex:
      return start + in_hex(second);
    case Form::decimal:
      return start + fmt::format("{}", static_cast<std::uint64_t>(second));
    case Form::named:
      return start + constants::name_of(*row.names, second);
    case Form::named_signed: {
      const std::int64_t number = argument_of(tapset::Width::word, 1, view);
      return start + constants::name_of(*row.names, number, 10);
    }
    case Form::bits:
      return start + constants::names_of_bits(*row.names, second);
    case Form::named_hex:
      return start + constants::name_of(*row.names, second) + ", " + in_hex(third);
    case Form::mce_kill:
      return start + mce_kill_text(second, third);
    case Form::all:
      return start + fmt::format("{}, {}, {}, {}", in_hex(second), in_hex(third),
                                 in_hex(value_of(Id::arg4, view)),
                                 in_hex(value_of(Id::arg5, view)));
  }
  return start;
}

}  // namespace socktap::rendering
