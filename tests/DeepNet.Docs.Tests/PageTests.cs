namespace DeepNet.Docs.Tests;

/// <summary>The C# of every page compiles, and prints what the page says.</summary>
public class PageTests
{
    // Their blocks are compiled and run with made data beside the packages that they are about.
    private static readonly string[] Elsewhere = ["README.md", "docs/data.md", "docs/hosting.md"];

    /// <summary>Set to 1, writes what blocks print into the pages, for review in the change.</summary>
    private const string Accept = "DEEPNET_ACCEPT_DOCS";

    public static TheoryData<string> Pages
        => [.. Page.Names.Except(Elsewhere).Where(n => Page.Read(n).Programs.Count > 0)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Compiles_and_prints_what_it_says(string name)
    {
        foreach (var blocks in Page.Read(name).Programs)
        {
            byte[] program = PageProgram.Compile(name, blocks);
            if (blocks.All(b => b.Output is null)) continue;
            string[] printed = PageProgram.Run(program);
            foreach (var (block, text) in blocks.Zip(printed))
            {
                if (block.Output is null || block.Output.TrimEnd() == text.TrimEnd()) continue;
                Assert.True(
                    Environment.GetEnvironmentVariable(Accept) == "1",
                    $"{name}:{block.Line} prints\n{text}\nand the page says\n{block.Output}\n{Accept}=1 writes it into the page.");
                string path = Path.Combine(Page.Root, name), shown = $"{block.Code}\n```\n\n```output\n";
                string page = File.ReadAllText(path);
                File.WriteAllText(path, page.Replace(shown + block.Output, shown + text.TrimEnd(), StringComparison.Ordinal));
            }
        }
    }
}
