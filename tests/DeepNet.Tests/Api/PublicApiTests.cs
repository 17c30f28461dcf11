using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Api;

/// <summary>The public API is what PublicApi.txt says, so that a change of it is seen in review.</summary>
public class PublicApiTests
{
    [Fact]
    public void Is_as_reviewed() => ReviewedApi.Check(typeof(Tensor).Assembly, Folder());

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..");
}
