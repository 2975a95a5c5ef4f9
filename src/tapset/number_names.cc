#include "tapset/number_names.h"

#include "socktap/tapset.h"

namespace socktap::tapset {
namespace {

template <std::string_view (*name)(std::int64_t)>
std::string copy_of(std::int64_t number) {
  return std::string(name(number));
}

}  // namespace

NumberName number_name_of(Function function) {
  switch (function) {
    case Function::sock_prot_num2str:
      return copy_of<protocol_name>;
    case Function::sock_fam_num2str:
      return copy_of<family_name>;
    case Function::sock_state_num2str:
      return copy_of<state_name>;
    case Function::sock_type_num2str:
      return copy_of<type_name>;
    case Function::sock_flags_num2str:
      return socket_flag_names;
    case Function::msg_flags_num2str:
      return message_flag_names;
    default:
      return nullptr;
  }
}

}  // namespace socktap::tapset
