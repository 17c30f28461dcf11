using DeepNet.Tests.Repository;

namespace DeepNet.Hosting.Tests.Documentation;

public class HostingPageTests
{
    [Fact]
    public void Every_script_of_the_page_is_compiled() => PageScripts.Check("hosting.md", least: 8);
}
