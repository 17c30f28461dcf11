using TorchSharp;
using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Images of another size, and images at places of a grid: forward, and with gradients.</summary>
internal static class Images
{
    public static IEnumerable<Case> Cases =>
    [
        .. Both("interpolate_2x_32x64x56x56", Pixels, x => Resized(x[0], 2, antialias: false)),
        .. Both("interpolate_half_aa_32x64x56x56", Pixels, x => Resized(x[0], 0.5, antialias: true)),
        .. Both("grid_sample_16x32x64x64",
            () => [Inputs.Normal(16, 32, 64, 64), (Inputs.Uniform(16, 64, 64, 2) * 2.2 - 1.1).detach()],
            x => nn.functional.grid_sample(x[0], x[1], align_corners: false)),
    ];

    private static Tensor[] Pixels() => [Inputs.Normal(32, 64, 56, 56)];

    private static Tensor Resized(Tensor x, double factor, bool antialias) => nn.functional.interpolate(
        x, scale_factor: [factor, factor], mode: InterpolationMode.Bilinear, align_corners: false, antialias: antialias);

    private static Case[] Both(string name, Func<Tensor[]> inputs, Func<Tensor[], Tensor> function) =>
    [
        new(name, () =>
        {
            var leaves = inputs();
            return () =>
            {
                using var off = inference_mode();
                Outcome.Note(function(leaves)).Dispose();
            };
        }),
        new(name + "_fwdbwd", () =>
        {
            var leaves = inputs();
            foreach (var leaf in leaves) leaf.requires_grad_(true);
            var g = Inputs.Normal(function(leaves).shape);
            return () =>
            {
                using var scope = NewDisposeScope();
                foreach (var leaf in leaves) leaf.grad = null;
                function(leaves).backward([g]);
                foreach (var leaf in leaves) Outcome.Note(leaf.grad!);
            };
        }),
    ];
}
