#include "ebpf/disassemble.h"

#include <fmt/format.h>

#include <iterator>

#include "base/overloaded.h"
#include "ebpf/operators.h"

namespace socktap::ebpf {
namespace {

std::string text(Register reg) { return fmt::format("r{}", static_cast<unsigned>(reg)); }

std::string text(const Operand& operand) {
  return std::visit(Overloaded{[](Register reg) { return text(reg); },
                               [](std::int64_t value) { return fmt::format("{}", value); }},
                    operand);
}

std::string text(Label label) { return fmt::format("L{}", label.number); }

std::string memory(Size size, Register base, std::int64_t offset) {
  return fmt::format("*({} *)({} {} {})", row(size).text, text(base), offset < 0 ? '-' : '+',
                     offset < 0 ? -offset : offset);
}

std::string text(const Move& move) { return text(move.to) + " = " + text(move.from); }

std::string text(const MoveWide& move) {
  return fmt::format("{} = {:#x} ll", text(move.to), move.value);
}

std::string text(const LoadMap& load) {
  return fmt::format("{} = map[{}]", text(load.to), load.map);
}

std::string text(const LoadMapValue& load) {
  return fmt::format("{} = map[{}][0]+{}", text(load.to), load.map, load.offset);
}

std::string text(const Alu& alu) {
  return fmt::format("{} {} {}", text(alu.to), row(alu.op).text, text(alu.from));
}

std::string text(const Negate& negate) {
  return fmt::format("{} = -{}", text(negate.to), text(negate.to));
}

std::string text(const SwapBytes& swap) {
  return fmt::format("{} = {}{} {}", text(swap.to), swap.order == ByteOrder::big ? "be" : "le",
                     bytes(swap.size) * 8, text(swap.to));
}

std::string text(const Load& load) {
  return text(load.to) + " = " + memory(load.size, load.base, load.offset);
}

std::string text(const Store& store) {
  return memory(store.size, store.base, store.offset) + " = " + text(store.from);
}

std::string text(const AtomicAdd& add) {
  return "lock " + memory(add.size, add.base, add.offset) + " += " + text(add.from);
}

std::string text(const Jump& jump) { return "goto " + text(jump.target); }

std::string text(const JumpIf& jump) {
  return fmt::format("if {} {} {} goto {}", text(jump.left), row(jump.condition).text,
                     text(jump.right), text(jump.target));
}

std::string text(const CallHelper& call) {
  const std::string_view known = name(call.helper);
  const auto id = static_cast<std::int32_t>(call.helper);
  return known.empty() ? fmt::format("call {}", id) : fmt::format("call {} ({})", id, known);
}

std::string text(const Exit&) { return "exit"; }

}  // namespace

std::string text_of(const Instruction& instruction) {
  return std::visit([](const auto& kind) { return text(kind); }, instruction);
}

std::string disassemble(const Program& program) {
  std::string out;
  const auto print = std::back_inserter(out);
  auto binding = program.bindings.begin();
  const auto print_labels = [&](std::size_t at) {
    for (; binding != program.bindings.end() && binding->at == at; ++binding) {
      fmt::format_to(print, "{}:\n", text(binding->label));
    }
  };
  std::uint32_t slot = 0;
  for (std::size_t at = 0; at < program.lines.size(); ++at) {
    print_labels(at);
    const Line& line = program.lines[at];
    const std::string instruction = fmt::format("{:4}: {}", slot, text_of(line.instruction));
    if (line.note.empty()) {
      fmt::format_to(print, "{}\n", instruction);
    } else {
      fmt::format_to(print, "{:<37}  ; {}\n", instruction, line.note);
    }
    slot += slots(line.instruction);
  }
  print_labels(program.lines.size());
  return out;
}

}  // namespace socktap::ebpf
