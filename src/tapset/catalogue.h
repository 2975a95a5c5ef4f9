// The catalogue: every probe point of the socket tapset and its neighbours, and every variable they
// offer. `list -l`,
// `list -L`, semantic errors, the dispatch of events and the docs all derive from these rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tapset/field.h"
#include "tapset/type.h"

namespace socktap::tapset {

enum class Operation : std::uint8_t { send, receive, create, close, net_transmit, net_receive };
inline constexpr int operation_count = static_cast<int>(Operation::net_receive) + 1;
enum class Phase : std::uint8_t { begin, conclusion };

// How a message reached the socket layer. The paths of a direction partition its messages.
enum class Path : std::uint8_t { none, sendmsg, aio_write, writev, recvmsg, aio_read, readv };
using PathSet = EnumSet<Path>;

enum class Variable : std::uint8_t {
  name,
  dev_name,
  length,
  size,
  protocol,
  family,
  state,
  flags,
  type,
  success,
  requester,
  err,
  truesize,  // the last of the manual's; ours follow
  sock,
  msg_flags,
  latency,
};
inline constexpr int variable_count = static_cast<int>(Variable::latency) + 1;
using VariableSet = EnumSet<Variable>;

struct VariableRow {
  Variable id;
  std::string_view name;
  Type type;
  bool of_manual;              // SystemTap's manual has it; else it is ours
  std::optional<Field> field;  // what must be captured; none for `name`, which the point knows
  std::string_view help;
};

struct ProbePoint {
  std::string_view name;  // "socket.sendmsg.return"
  Operation operation;
  Phase phase;
  PathSet paths;  // of sends and receives: the paths it fires for; else {none}
  VariableSet variables;
  std::string_view help;

  constexpr bool has(Variable variable) const { return variables.contains(variable); }
  constexpr bool fires_for(Operation o, Phase p, Path path) const {
    return operation == o && phase == p && paths.contains(path);
  }
};

// All of them, in the order of the manual. Addresses are stable: points are compared by address.
std::span<const ProbePoint> probe_points();
std::span<const VariableRow> variables();

const ProbePoint* find_probe_point(std::string_view name);  // nullptr if there is none
const VariableRow* find_variable(std::string_view name);
const VariableRow& row(Variable variable);

// The variables of `point` as -L prints them: "name:string size:long ...". The manual's first.
std::string signature(const ProbePoint& point, bool manual_only = false);

// Whether some probe point fires for it.
bool is_offered(Operation operation, Phase phase);

std::string_view name_of(Operation operation);
std::string_view name_of(Phase phase);
std::string_view name_of(Path path);

}  // namespace socktap::tapset
