using DeepNet.Nn;

namespace DeepNet.Hosting.Predicting;

/// <summary>The way from an input to its output.</summary>
/// <typeparam name="TIn">The type of an input.</typeparam>
/// <typeparam name="TRow">The type of what is made of an input for a batch.</typeparam>
/// <typeparam name="TOut">The type of an output.</typeparam>
/// <param name="Make">Makes the model.</param>
/// <param name="Prepare">Makes a row of an input, on the thread of its caller, who alone gets its errors.</param>
/// <param name="Compute">Computes a batch, within a memory scope and without gradients.</param>
internal sealed record ModelUse<TIn, TRow, TOut>(
    Func<IServiceProvider, Module> Make, Func<TIn, TRow> Prepare, Func<LoadedModel, IReadOnlyList<TRow>, IReadOnlyList<TOut>> Compute);
