using System.Runtime.CompilerServices;
using DeepNet.Tests.Api;

namespace DeepNet.Hosting.Tests;

/// <summary>The public API is what PublicApi.txt says, so that a change of it is seen in review.</summary>
public class PublicApiTests
{
    [Fact]
    public void Is_as_reviewed() => ReviewedApi.Check(typeof(IPredictor<,>).Assembly, Folder());

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
