using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Export;

/// <summary>Small models of all families, written, read, compared at two sizes, and written again.</summary>
public class ModelTests
{
    public static TheoryData<string> Names => [.. ModelCases.Small.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_comes_back_as_it_was(string name)
    {
        var model = ModelCases.Small[name]();
        byte[] file = RoundTrip.Export(model.Module, model.Options, model.Examples);
        var imported = RoundTrip.Import(file);
        model.Module.Eval();
        using var noGrad = Autograd.NoGrad();
        foreach (var inputs in model.Inputs())
        {
            Tensor[] expected = model.Run(inputs), got = imported.Run(inputs);
            for (int i = 0; i < expected.Length; i++) RoundTrip.Same(expected[i], got[i], 1e-5);
        }
        byte[] again = RoundTrip.Export(imported, model.Options with { Forward = null }, model.Examples);
        // The gates of cells lie in another order, and are put into ours and back.
        if (!name.StartsWith("lstm", StringComparison.Ordinal)) Assert.Equal(Counts(file), Counts(again));
    }

    // Only the operators that differ are shown where two differ.
    private static List<string> Counts(byte[] file)
        => [.. RoundTrip.Describe(file).CountBy(op => op).Select(entry => $"{entry.Key} {entry.Value}")];
}
