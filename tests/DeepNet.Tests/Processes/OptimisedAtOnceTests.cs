namespace DeepNet.Tests.Processes;

/// <summary>
/// Tests with a JIT that optimises, and inlines, from the first call on; a long run gets there too, but at a time of its own.
/// </summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public class OptimisedAtOnceTests
{
    [MatrixFact]
    public async Task Memory_errors_and_origins_are_the_same()
    {
        string output = await ChildProcess.Test("FullyQualifiedName~LimitTests", [("DOTNET_TieredCompilation", "0")]);
        Assert.Contains("Passed", output, StringComparison.Ordinal);
    }
}
