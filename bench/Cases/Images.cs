namespace DeepNet.Bench.Cases;

/// <summary>Images of another size, and images at places of a grid.</summary>
internal static class Images
{
    public static IEnumerable<Case> Cases =>
    [
        .. Both("interpolate_2x_32x64x56x56", () => Resized(x => x.Interpolate(2.0, InterpolationMode.Linear))),
        .. Both("interpolate_half_aa_32x64x56x56", () => Resized(x => x.Interpolate(0.5, InterpolationMode.Linear, antialias: true))),
        .. Both("grid_sample_16x32x64x64", () =>
        {
            var x = Inputs.Normal(new Shape(16, 32, 64, 64));
            var grid = (Inputs.Uniform(new Shape(16, 64, 64, 2)) * 2.2 - 1.1).Detach();
            return ([x.WithGrad(), grid.WithGrad()], () => x.GridSample(grid));
        }),
    ];

    private static (Tensor[] Leaves, Func<Tensor> Function) Resized(Func<Tensor, Tensor> function)
    {
        var x = Inputs.Normal(new Shape(32, 64, 56, 56)).WithGrad();
        return ([x], () => function(x));
    }

    private static Case[] Both(string name, Func<(Tensor[] Leaves, Func<Tensor> Function)> setup) =>
    [
        new(name, () =>
        {
            var (_, function) = setup();
            return () =>
            {
                using var off = Autograd.NoGrad();
                using var step = Memory.Scope();
                Outcome.Note(function());
            };
        }) { Mark = (0.67, 0.67) },
        new(name + "_fwdbwd", () =>
        {
            var (leaves, function) = setup();
            var g = Inputs.Normal(function().Shape);
            return () =>
            {
                using var step = Memory.Scope();
                foreach (var leaf in leaves) leaf.ZeroGrad();
                function().Backward(g);
                foreach (var leaf in leaves) Outcome.Note(leaf.Grad!);
            };
        }) { Mark = (0.67, 0.67) },
    ];
}
