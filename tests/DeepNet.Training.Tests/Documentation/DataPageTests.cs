using DeepNet.Tests.Repository;

namespace DeepNet.Training.Tests.Documentation;

public class DataPageTests
{
    [Fact]
    public void Every_script_of_the_page_is_compiled() => PageScripts.Check("data.md", least: 6);
}
