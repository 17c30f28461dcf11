using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>
/// Convolutions with the batch normalisation and the activation behind them. While the model evaluates, the normalisation is folded into
/// weight and bias, which are kept until one of them changes; while it is trained, the operators are those of the file.
/// </summary>
internal static class ConvolutionFusion
{
    private static readonly Formula relu = Formula.Of(new Relu());

    public static void Apply(Rewriter rewriter)
    {
        foreach (var conv in rewriter.Steps.Where(step => step.Name == "Conv").ToList())
        {
            var norm = rewriter.Reader(conv, "BatchNormalization");
            if (norm is not null && (norm.Inputs.Length < 5 || norm.Inputs[0] != conv.Outputs[0]
                || norm.Attribute("training_mode")?.Int == 1)) norm = null;
            var activation = rewriter.Reader(norm ?? conv, "Relu");
            if (norm is null && activation is null) continue;
            var fused = new FoldedConvolution(conv, norm, activation is null ? null : relu);
            int bias = conv.Inputs.Length > 2 ? conv.Inputs[2] : -1;
            int[] inputs = [conv.Inputs[0], conv.Inputs[1], bias, .. norm?.Inputs[1..5] ?? []];
            rewriter.Replace(activation ?? norm!, [.. new[] { conv, norm }.OfType<Step>()], "Conv", fused.Compute, inputs);
        }
    }

    private sealed class FoldedConvolution(Step conv, Step? norm, Formula? activation)
    {
        private readonly Lock access = new();
        private (Tensor Tensor, int Version)[] sources = [];
        private (Tensor Weight, Tensor Bias)? folded;

        public Tensor?[] Compute(Call call)
        {
            Tensor x = call[0], weight = call[1];
            var bias = call.Optional(2);
            var own = new Call(conv, [x, weight, bias], call.Context);
            if (norm is null) return [ConvolutionOperators.Convolve(own, x, weight, bias, activation).To(x.DType)];
            if (call.Context.IsTraining)
            {
                var y = ConvolutionOperators.Convolve(own, x, weight, bias);
                y = Norms.BatchNorm(new Call(norm, [y, call[3], call[4], call[5], call[6]], call.Context))[0]!;
                return [activation is null ? y : activation.Apply(y)];
            }
            var (w, b) = Autograd.IsEnabled ? Fold(call, weight, bias) : Kept(call, weight, bias);
            return [ConvolutionOperators.Convolve(own, x, w, b, activation).To(x.DType)];
        }

        private (Tensor Weight, Tensor Bias) Fold(Call call, Tensor weight, Tensor? bias)
        {
            var (scale, shift) = Norms.ScaleAndShift(new Call(norm!, [null, call[3], call[4], call[5], call[6]], call.Context));
            var w = weight * scale.Reshape([-1, .. Enumerable.Repeat(1, weight.Rank - 1)]);
            return (w, bias is null ? shift : bias * scale + shift);
        }

        private (Tensor Weight, Tensor Bias) Kept(Call call, Tensor weight, Tensor? bias)
        {
            Tensor[] of = [weight, .. bias is null ? [] : new[] { bias }, call[3], call[4], call[5], call[6]];
            lock (access)
            {
                bool isSame = folded is not null && sources.Length == of.Length;
                for (int i = 0; isSame && i < of.Length; i++)
                    isSame = ReferenceEquals(sources[i].Tensor, of[i]) && sources[i].Version == of[i].Storage.Version;
                if (isSame) return folded!.Value;
                var (w, b) = Fold(call, weight, bias);
                folded = (Memory.Keep(w), Memory.Keep(b));
                sources = [.. of.Select(tensor => (tensor, tensor.Storage.Version))];
                return folded.Value;
            }
        }
    }
}
