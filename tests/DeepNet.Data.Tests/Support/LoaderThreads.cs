namespace DeepNet.Data.Tests;

/// <summary>Tests that count the threads of loaders, and so run while no others do.</summary>
[CollectionDefinition(nameof(LoaderThreads), DisableParallelization = true)]
public sealed class LoaderThreads;
