#include "vm/library_cases_test.h"

namespace socktap::vm {
namespace {

std::vector<Case> plain_cases() {
  return {
      {{"strlen", {""}, 0}},
      {{"strlen", {"socket"}, 6}},
      {{"substr", {"socket", 0, 4}, "sock"}},
      {{"substr", {"socket", 4, 99}, "et"}},
      {{"substr", {"socket", 4, INT64_MAX - 1}, "et"}},
      {{"substr", {"socket", 4, INT64_MAX}, ""}},
      {{"substr", {"socket", 6, 1}, ""}},
      {{"substr", {"socket", -1, 3}, ""}},
      {{"substr", {"socket", 1, 0}, ""}},
      {{"substr", {"socket", 1, -2}, ""}},
      {{"stringat", {"socket", 0}, 's'}},
      {{"stringat", {"socket", 5}, 't'}},
      {{"stringat", {"\xff", 0}, -1}},
      {{"stringat", {"socket", 6}, fails("Position out of bounds")}},
      {{"stringat", {"socket", -1}, fails("Position out of bounds")}},
      {{"stringat", {"", 0}, fails("Position out of bounds")}},
      {{"isinstr", {"socket", "ck"}, 1}},
      {{"isinstr", {"socket", "x"}, 0}},
      {{"isinstr", {"socket", ""}, 1}},
      {{"strpos", {"socket", "ck"}, 2}},
      {{"strpos", {"socket", "sock"}, 0}},
      {{"strpos", {"socket", "x"}, -1}},
      {{"strpos", {"", ""}, 0}},
      {{"str_replace", {"a-b-c", "-", "::"}, "a::b::c"}},
      {{"str_replace", {"aaa", "aa", "b"}, "ba"}},
      {{"str_replace", {"abc", "", "x"}, "abc"}},
      {{"str_replace", {"abc", "b", ""}, "ac"}},
      {{"str_replace", {"abc", "x", "y"}, "abc"}},
      {{"isdigit", {"7 up"}, 1}},
      {{"isdigit", {"up 7"}, 0}},
      {{"isdigit", {""}, 0}},
  };
}

std::vector<Case> number_text_cases() {
  return {
      {{"strtol", {"42", 10}, 42}},
      {{"strtol", {"-42x", 10}, -42}},
      {{"strtol", {"", 10}, 0}},
      {{"strtol", {" 42", 10}, 0}},
      {{"strtol", {"+42", 10}, 0}},
      {{"strtol", {"ff", 16}, 255}},
      {{"strtol", {"0xFf", 16}, 255}},
      {{"strtol", {"-0x10", 16}, -16}},
      {{"strtol", {"0xg", 16}, 0}},
      {{"strtol", {"777", 8}, 511}},
      {{"strtol", {"129", 8}, 10}},
      {{"strtol", {"1011", 2}, 11}},
      {{"strtol", {"0x20", 0}, 32}},
      {{"strtol", {"020", 0}, 16}},
      {{"strtol", {"20", 0}, 20}},
      {{"strtol", {"0x", 0}, 0}},
      {{"strtol", {"0x20", 10}, 0}},
      {{"strtol", {"9223372036854775807", 10}, INT64_MAX}},
      {{"strtol", {"18446744073709551615", 10}, -1}},
      {{"bytes_to_string", {0}, "    0"}},
      {{"bytes_to_string", {1023}, " 1023"}},
      {{"bytes_to_string", {1024}, "1.00K"}},
      {{"bytes_to_string", {1536}, "1.50K"}},
      {{"bytes_to_string", {12 * 1024 + 512}, "12.5K"}},
      {{"bytes_to_string", {1000 * 1024}, "1000K"}},
      {{"bytes_to_string", {5 << 20}, "5.00M"}},
      {{"bytes_to_string", {std::int64_t{123} << 30}, " 123G"}},
      {{"bytes_to_string", {std::int64_t{4096} << 30}, "4096G"}},
      {{"bytes_to_string", {-1}, "   -1"}},
      {{"mem_page_size", {}, 4096}},
      {{"pages_to_string", {1}, "4.00K"}},
  };
}

std::vector<Case> token_cases() {
  return {
      {{"tokenize", {"a b  c", " "}, "a"},
       {"tokenize", {" "}, "b"},
       {"tokenize", {"", " "}, "c"},
       {"tokenize", {" "}, ""},
       {"tokenize", {" "}, ""}},
      {
          {"tokenize", {",;a,b;", ",;"}, "a"},
          {"tokenize", {";"}, "b"},
      },
      {{"tokenize", {" "}, ""}},
      {{"tokenize", {"all of it", ""}, "all of it"}, {"tokenize", {" "}, ""}},
      {{"tokenize", {"k=v=w", "="}, "k"}, {"tokenize", {""}, "v=w"}},
      {{"tokenize", {"one two", " "}, "one"}, {"tokenize", {"three", " "}, "three"}},
      {{"tokenize", {"   ", " "}, ""}},
  };
}

std::vector<Case> escape_cases() {
  const std::string long_text(600, 'x');
  return {
      {{"text_str", {"plain 'text'"}, "plain 'text'"}},
      {{"text_str", {"tab\tquote\"back\\"}, R"(tab\tquote\"back\\)"}},
      {{"text_str", {"\a\b\f\n\r\v"}, R"(\a\b\f\n\r\v)"}},
      {{"text_str", {"\x01\x1b\x7f\xff"}, R"(\001\033\177\377)"}},
      {{"text_str", {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"}, R"(\u00E9\u20AC\U0001F600)"}},
      {{"text_str", {"\xc0\x80\xed\xa0\x80\xe2\x82"}, R"(\300\200\355\240\200\342\202)"}},
      {{"text_str", {long_text}, long_text.substr(0, 511)}},
      {{"text_strn", {"socket", 3, 0}, "soc"}},
      {{"text_strn", {"socket", 0, 0}, "socket"}},
      {{"text_strn", {"socket", -1, 0}, "socket"}},
      {{"text_strn", {"so\tcket", 3, 0}, "so"}},
      {{"text_strn", {"so\tcket", 4, 0}, R"(so\t)"}},
      {{"text_strn", {"socket", 8, 1}, R"("socket")"}},
      {{"text_strn", {"socket", 7, 1}, R"("so"...)"}},
      {{"text_strn", {"socket", 1, 1}, R"(""...)"}},
      {{"text_strn", {"s\tcket", 7, 1}, R"("s"...)"}},
      {{"text_strn", {"abcde\001", 10, 1}, R"("abcde"...)"}},
      {{"string_quoted", {"say \"hi\""}, R"("say \"hi\"")"}},
      {{"string_quoted", {""}, R"("")"}},
      {{"string_quoted", {long_text}, "\"" + std::string(506, 'x') + "\"..."}},
  };
}

}  // namespace

std::vector<Case> string_cases() {
  std::vector<Case> all;
  for (const auto& cases : {plain_cases(), number_text_cases(), token_cases(), escape_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace socktap::vm
