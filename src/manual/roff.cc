#include "manual/roff.h"

namespace socktap::manual {

std::string escaped(std::string_view text) {
  std::string out;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    begins_line = c == '\n';
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italics(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string example(std::string_view lines) {
  return ".RS 4\n.EX\n" + escaped(lines) + (lines.ends_with('\n') ? "" : "\n") + ".EE\n.RE\n";
}

}  // namespace socktap::manual
