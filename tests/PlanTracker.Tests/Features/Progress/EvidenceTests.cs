using PlanTracker.Features.Shared;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>Evidence as it is shown: what can be followed, and what stays text.</summary>
public sealed class EvidenceTests
{
    [Theory]
    [InlineData("https://example.org/a.pdf", "[https://example.org/a.pdf]")]
    [InlineData("Report 3, see http://example.org/a?b=1&c=2#d.", "Report 3, see |[http://example.org/a?b=1&c=2#d]|.")]
    [InlineData("(https://example.org/a) and https://example.org/b_(c)", "(|[https://example.org/a]|) and |[https://example.org/b_(c)]")]
    [InlineData("见https://example.org/规划.html，第3页", "见|[https://example.org/规划.html]|，第3页")]
    [InlineData("国家统计局（HTTPS://EXAMPLE.ORG/x）。", "国家统计局（|[HTTPS://EXAMPLE.ORG/x]|）。")]
    [InlineData("Report of the ministry", "Report of the ministry")]
    [InlineData("javascript:alert(1)", "javascript:alert(1)")]
    [InlineData("data:text/html,x ftp://example.org/ file:///etc/passwd //example.org", "data:text/html,x ftp://example.org/ file:///etc/passwd //example.org")]
    [InlineData("xhttps://example.org", "xhttps://example.org")]
    [InlineData("https:// and http://", "https:// and http://")]
    [InlineData("https://example.org/<b>\"x", "[https://example.org/]|<b>\"x")]
    [InlineData("https://example.org/\u202egpj.exe", "[https://example.org/]|\u202egpj.exe")]
    public void Only_addresses_on_the_web_can_be_followed(string line, string expected) =>
        string.Join('|', Evidence.Lines(line).Single().Select(p => p.IsAddress ? $"[{p.Text}]" : p.Text)).Should().Be(expected);

    [Fact]
    public void Each_line_stands_for_itself_and_empty_ones_are_left_out() =>
        Evidence.Lines("Report 1\n\n  https://example.org \nReport 2").Select(l => string.Concat(l.Select(p => p.Text)))
            .Should().Equal("Report 1", "https://example.org", "Report 2");
}
