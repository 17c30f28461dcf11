using Xunit.Abstractions;

// One device, one stream, one count of bytes: tests run one at a time, and the one that compiles what the others used comes last.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer("DeepNet.Ilgpu.Tests.OnDevices.TestOrder", "DeepNet.Ilgpu.Tests")]

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Puts <see cref="PtxTests"/> behind all others.</summary>
public sealed class TestOrder : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
        => testCollections.OrderBy(c => c.DisplayName.Contains(nameof(PtxTests), StringComparison.Ordinal))
            .ThenBy(c => c.DisplayName, StringComparer.Ordinal);
}
