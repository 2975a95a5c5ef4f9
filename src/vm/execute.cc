// The dispatch loop. Arithmetic is done on unsigned numbers, so that it wraps.
#include "vm/interpreter.h"

namespace socktap::vm {
namespace {

std::uint64_t bits(std::int64_t number) { return static_cast<std::uint64_t>(number); }
std::int64_t number(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }

// The most negative number divided by -1 wraps to itself.
std::int64_t divide(std::int64_t a, std::int64_t b) { return b == -1 ? number(-bits(a)) : a / b; }
std::int64_t modulo(std::int64_t a, std::int64_t b) { return b == -1 ? 0 : a % b; }

// By the units there are, so that the compiler divides by constants.
std::int64_t in_units(std::int64_t ns, std::uint32_t unit) {
  switch (unit) {
    case 1'000:
      return ns / 1'000;
    case 1'000'000:
      return ns / 1'000'000;
    case 1'000'000'000:
      return ns / 1'000'000'000;
    default:
      return ns;
  }
}

}  // namespace

bool Interpreter::execute(std::uint32_t at) {
  const Instruction* const code = code_.instructions.data();
  const Event& event = *occasion_->event;
  const Instruction* next = code + at;
  std::int64_t* n = numbers();
  Text* t = texts();

  for (;;) {
    const Instruction& i = *next++;
    bool fine = true;
#pragma GCC diagnostic push
#pragma GCC diagnostic warning "-Wswitch-enum"
    switch (i.opcode) {
      case Opcode::load_number:
        n[i.a] = i.immediate();
        break;
      case Opcode::load_text:
        t[i.a].borrow(literals_[i.b]);
        break;
      case Opcode::move_number:
        n[i.a] = n[i.b];
        break;
      case Opcode::move_text:
        t[i.a].assign(t[i.b]);
        break;

      case Opcode::add:
        n[i.a] = number(bits(n[i.b]) + bits(n[i.c]));
        break;
      case Opcode::add_immediate:
        n[i.a] = number(bits(n[i.b]) + bits(static_cast<std::int32_t>(i.c)));
        break;
      case Opcode::subtract:
        n[i.a] = number(bits(n[i.b]) - bits(n[i.c]));
        break;
      case Opcode::multiply:
        n[i.a] = number(bits(n[i.b]) * bits(n[i.c]));
        break;
      case Opcode::divide:
      case Opcode::modulo:
        if (n[i.c] == 0) {
          fine = fault("division by 0");
        } else {
          n[i.a] = i.opcode == Opcode::divide ? divide(n[i.b], n[i.c]) : modulo(n[i.b], n[i.c]);
        }
        break;
      case Opcode::shift_left:
        n[i.a] = number(bits(n[i.b]) << (bits(n[i.c]) & 63));
        break;
      case Opcode::shift_right:
        n[i.a] = n[i.b] >> (bits(n[i.c]) & 63);
        break;
      case Opcode::shift_right_logical:
        n[i.a] = number(bits(n[i.b]) >> (bits(n[i.c]) & 63));
        break;
      case Opcode::bitwise_and:
        n[i.a] = n[i.b] & n[i.c];
        break;
      case Opcode::bitwise_or:
        n[i.a] = n[i.b] | n[i.c];
        break;
      case Opcode::bitwise_xor:
        n[i.a] = n[i.b] ^ n[i.c];
        break;
      case Opcode::negate:
        n[i.a] = number(-bits(n[i.b]));
        break;
      case Opcode::bitwise_not:
        n[i.a] = ~n[i.b];
        break;
      case Opcode::logical_not:
        n[i.a] = n[i.b] == 0;
        break;
      case Opcode::equal:
        n[i.a] = n[i.b] == n[i.c];
        break;
      case Opcode::not_equal:
        n[i.a] = n[i.b] != n[i.c];
        break;
      case Opcode::less:
        n[i.a] = n[i.b] < n[i.c];
        break;
      case Opcode::less_equal:
        n[i.a] = n[i.b] <= n[i.c];
        break;

      case Opcode::concatenate:
        t[i.a].concatenate(t[i.b], t[i.c], max_text_);
        break;
      case Opcode::text_equal:
        n[i.a] = t[i.b].view() == t[i.c].view();
        break;
      case Opcode::text_not_equal:
        n[i.a] = t[i.b].view() != t[i.c].view();
        break;
      case Opcode::text_less:
        n[i.a] = t[i.b].view() < t[i.c].view();
        break;
      case Opcode::text_less_equal:
        n[i.a] = t[i.b].view() <= t[i.c].view();
        break;
      case Opcode::match:
        n[i.a] = match(i);
        break;

      case Opcode::jump:
        next = code + i.a;
        break;
      case Opcode::jump_if:
        if (n[i.a] != 0) next = code + i.b;
        break;
      case Opcode::jump_unless:
        if (n[i.a] == 0) next = code + i.b;
        break;
      case Opcode::jump_equal:
        if (n[i.a] == n[i.b]) next = code + i.c;
        break;
      case Opcode::jump_not_equal:
        if (n[i.a] != n[i.b]) next = code + i.c;
        break;
      case Opcode::jump_less:
        if (n[i.a] < n[i.b]) next = code + i.c;
        break;
      case Opcode::jump_less_equal:
        if (n[i.a] <= n[i.b]) next = code + i.c;
        break;
      case Opcode::jump_unless_variable:
        if (binding_of(static_cast<tapset::Variable>(i.a)) == nullptr) next = code + i.b;
        break;
      case Opcode::step:
        fine = charge(i.a);
        break;
      case Opcode::call_number:
      case Opcode::call_text:
      case Opcode::call_nothing:
        fine = call(i, static_cast<std::uint32_t>(next - code));
        if (fine) {
          next = code + frames_.back().routine->entry;
          n = numbers();
          t = texts();
        }
        break;
      case Opcode::return_number:
      case Opcode::return_text:
      case Opcode::return_nothing: {
        const Frame frame = frames_.back();
        frames_.pop_back();
        n = numbers();
        t = texts();
        if (i.opcode == Opcode::return_number) {
          n[frame.result] = numbers_[frame.numbers + i.a];
        } else if (i.opcode == Opcode::return_text) {
          t[frame.result].assign(texts_[frame.texts + i.a]);
        }
        next = code + frame.return_to;
        break;
      }
      case Opcode::finish:
        return true;
      case Opcode::raise:
        fine = fault(std::string(literals_[i.a]));
        break;
      case Opcode::catch_message:
        t[i.a].copy(cut(fault_.message, max_text_));
        break;

      case Opcode::event_u8:
        n[i.a] = load_as<std::uint8_t>(event, i.b);
        break;
      case Opcode::event_s8:
        n[i.a] = load_as<std::int8_t>(event, i.b);
        break;
      case Opcode::event_u16:
        n[i.a] = load_as<std::uint16_t>(event, i.b);
        break;
      case Opcode::event_s16:
        n[i.a] = load_as<std::int16_t>(event, i.b);
        break;
      case Opcode::event_u32:
        n[i.a] = load_as<std::uint32_t>(event, i.b);
        break;
      case Opcode::event_s32:
        n[i.a] = load_as<std::int32_t>(event, i.b);
        break;
      case Opcode::event_64:
        n[i.a] = load_as<std::int64_t>(event, i.b);
        break;
      case Opcode::event_text:
        t[i.a].borrow(text_at(event, i.b, i.c).substr(0, max_text_));
        break;
      case Opcode::variable_number:
        n[i.a] = variable_number(static_cast<tapset::Variable>(i.b));
        break;
      case Opcode::variable_text:
        variable_text(static_cast<tapset::Variable>(i.b), t[i.a]);
        break;
      case Opcode::point_label:
        t[i.a].borrow(occasion_->point->label.substr(0, max_text_));
        break;
      case Opcode::point_text:
        t[i.a].borrow(occasion_->point_text.substr(0, max_text_));
        break;
      case Opcode::realtime:
        n[i.a] = in_units(occasion_->realtime(), i.b);
        break;
      case Opcode::monotonic:
        n[i.a] = in_units(number(event.time), i.b);
        break;

      case Opcode::get_number:
        n[i.a] = globals_.numbers[i.b];
        break;
      case Opcode::set_number:
        globals_.numbers[i.a] = n[i.b];
        break;
      case Opcode::add_number:
        n[i.b] = globals_.numbers[i.a] = number(bits(globals_.numbers[i.a]) + bits(n[i.b]));
        break;
      case Opcode::get_text:
        t[i.a].copy(globals_.texts[i.b]);
        break;
      case Opcode::set_text:
        globals_.texts[i.a].assign(t[i.b].view());
        break;
      case Opcode::stat_add:
        globals_.statistics[i.a].add(n[i.b], globals_.shapes[i.a]);
        break;
      case Opcode::stat_clear:
        globals_.statistics[i.a].clear();
        break;

      case Opcode::array_get_number:
        array_get_number(i);
        break;
      case Opcode::array_get_text:
        array_get_text(i);
        break;
      case Opcode::array_set_number:
        fine = array_set_number(i);
        break;
      case Opcode::array_set_text:
        fine = array_set_text(i);
        break;
      case Opcode::array_add_number:
        fine = array_add_number(i);
        break;
      case Opcode::array_stat_add:
        fine = array_stat_add(i);
        break;
      case Opcode::array_contains:
        fine = array_contains(i);
        break;
      case Opcode::array_delete:
        fine = array_delete(i);
        break;
      case Opcode::array_clear:
        fine = array_clear(i);
        break;
      case Opcode::extract:
        fine = extract_statistic(code_.extract_sites[i.b], n[i.a]);
        break;
      case Opcode::bucket:
        fine = bucket(code_.bucket_sites[i.b], n[i.a]);
        break;
      case Opcode::foreach_begin:
        fine = foreach_begin(i);
        break;
      case Opcode::foreach_next:
        if (!foreach_next(i)) next = code + i.c;
        break;

      case Opcode::library_number:
        fine = library(code_.library_sites[i.b]);
        if (fine) n[i.a] = call_number_;
        break;
      case Opcode::library_text:
        fine = library(code_.library_sites[i.b]);
        if (fine) t[i.a].swap_in(call_text_);
        break;
      case Opcode::library_nothing:
        fine = library(code_.library_sites[i.b]);
        break;
      case Opcode::print:
        fine = render(code_.print_sites[i.a]);
        if (fine && !output_.empty()) host_.emit({RecordKind::output, output_.view()});
        break;
      case Opcode::sprint:
        fine = render(code_.print_sites[i.b]);
        if (fine) t[i.a].copy(cut(output_.view(), max_text_));
        break;
      default:  // no other is compiled; the compiler need not test for it
        __builtin_unreachable();
    }
#pragma GCC diagnostic pop
    if (fine) continue;
    const auto handler = unwind(static_cast<std::uint32_t>(next - code - 1));
    if (!handler) return false;
    next = code + *handler;
    n = numbers();
    t = texts();
  }
}

}  // namespace socktap::vm
