using Xunit.Abstractions;

namespace DeepNet.Onnx.Tests.Import;

/// <summary>
/// The standard's own cases, where DEEPNET_ONNX_TESTDATA names their folder: on Debian, the package libonnx-testdata has it.
/// </summary>
public class NodeTestSuiteTests(ITestOutputHelper output)
{
    private sealed class WithTestDataFactAttribute : FactAttribute
    {
        public WithTestDataFactAttribute()
        {
            if (Folder is null) Skip = "DEEPNET_ONNX_TESTDATA does not name a folder of test data.";
        }
    }

    private static string? Folder => Environment.GetEnvironmentVariable("DEEPNET_ONNX_TESTDATA");

    [WithTestDataFact]
    public void No_case_is_wrong()
    {
        foreach (string folder in Directory.EnumerateDirectories(Folder!).Order(StringComparer.Ordinal))
        {
            var suite = new NodeTestSuite(folder);
            output.WriteLine(
                $"{Path.GetFileName(folder)}: {suite.Passed.Count} passed, {suite.Random.Count} random, {suite.Refused.Count} refused, "
                + $"{suite.Wrong.Count} wrong");
            foreach (var (name, why) in suite.Wrong) output.WriteLine($"  WRONG {name}: {why}");
            foreach (var (name, why) in suite.Refused) output.WriteLine($"  refused {name}: {why.ReplaceLineEndings(" ")}");
            Assert.Empty(suite.Wrong);
            if (Path.GetFileName(folder) == "node") Assert.True(suite.Passed.Count >= 740, $"{suite.Passed.Count} passed");
        }
    }
}
