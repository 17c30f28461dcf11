using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>Recurrent networks. The usual ones run on the kernels of cells; others step by step.</summary>
internal static class RecurrentOperators
{
    private delegate Tensor[] CellStep(Tensor x, Tensor[] state, in Weights weights);

    private static readonly string[] LstmDefaults = ["Sigmoid", "Tanh", "Tanh"], GruDefaults = ["Sigmoid", "Tanh"], RnnDefaults = ["Tanh"];

    public static void AddTo(OperatorTable table)
    {
        table.Many("LSTM", call => Run(call, 4, LstmDefaults));
        table.Many("GRU", call => Run(call, 3, GruDefaults));
        table.Many("RNN", call => Run(call, 1, RnnDefaults));
    }

    /// <summary>The weights of one direction: (gates · units, features), (gates · units, units), both biases and the peepholes.</summary>
    private readonly record struct Weights(
        Tensor Input, Tensor Hidden, Tensor? InputBias, Tensor? HiddenBias, Tensor? Peepholes, Func<Tensor, Tensor>[] Functions,
            double Clip,
        bool ResetsAfter)
    {
        public Tensor Clipped(Tensor x) => double.IsPositiveInfinity(Clip) ? x : x.Clamp(-Clip, Clip);
    }

    private static Tensor?[] Run(Call call, int gates, string[] defaults)
    {
        var x = call[0];
        bool batchFirst = call.Flag("layout");
        if (batchFirst) x = x.Transpose(0, 1);
        string direction = call.Text("direction", "forward");
        int directions = direction == "bidirectional" ? 2 : 1, units = call[2].Shape[^1], batch = x.Shape[1], steps = x.Shape[0];
        bool hasMemory = gates == 4;
        Tensor State(int input)
        {
            if (call.Optional(input) is { } given) return batchFirst ? given.Transpose(0, 1) : given;
            return Tensor.Zeros(new Shape(directions, batch, units), x.DType, x.Device);
        }
        Tensor hidden = State(5), memory = hasMemory ? State(6) : hidden;
        long[]? lengths = call.Optional(4)?.ToArray<long>();
        if (lengths is not null && lengths.All(length => length == steps)) lengths = null;
        var outputs = new Tensor[directions];
        Tensor[] lastHidden = new Tensor[directions], lastMemory = new Tensor[directions];
        for (int i = 0; i < directions; i++)
        {
            bool isReverse = direction == "reverse" || i == 1;
            Tensor[] state = hasMemory ? [hidden.Select(0, i), memory.Select(0, i)] : [hidden.Select(0, i)];
            var weights = WeightsOf(call, i, gates, units, defaults);
            (outputs[i], state) = lengths is null && IsPlain(call, weights, defaults, gates) && steps > 0 && batch > 0
                ? Fused(x, state, weights, gates, units, isReverse) : Stepwise(x, state, weights, gates, lengths, isReverse);
            (lastHidden[i], lastMemory[i]) = (state[0], state[^1]);
        }
        Tensor y = Tensor.Stack(outputs, 1), yh = Tensor.Stack(lastHidden), yc = Tensor.Stack(lastMemory);
        if (batchFirst) (y, yh, yc) = (y.Permute(2, 0, 1, 3), yh.Transpose(0, 1), yc.Transpose(0, 1));
        return hasMemory ? [y, yh, yc] : [y, yh];
    }

    private static Weights WeightsOf(Call call, int direction, int gates, int units, string[] defaults)
    {
        Tensor? bias = call.Optional(3)?.Select(0, direction);
        var names = call.Step.Attribute("activations")?.Texts;
        var alphas = call.Step.Attribute("activation_alpha")?.Floats;
        var betas = call.Step.Attribute("activation_beta")?.Floats;
        var functions = new Func<Tensor, Tensor>[defaults.Length];
        for (int i = 0; i < functions.Length; i++)
        {
            int at = direction * defaults.Length + i;
            float? Of(List<float>? values) => values is not null && at < values.Count ? values[at] : null;
            functions[i] = Function(names is not null && at < names.Count ? names[at] : defaults[i], Of(alphas), Of(betas));
        }
        int rows = gates * units;
        return new(
            call[1].Select(0, direction), call[2].Select(0, direction), bias?.Narrow(0, 0, rows), bias?.Narrow(0, rows, rows),
            gates == 4 ? call.Optional(7)?.Select(0, direction) : null, functions, call.Float("clip", double.PositiveInfinity),
            gates == 3 && call.Flag("linear_before_reset"));
    }

    private static bool IsPlain(Call call, in Weights weights, string[] defaults, int gates)
    {
        var names = call.Step.Attribute("activations")?.Texts ?? [];
        bool areDefaults = names.Count == 0 || !names.Where((name, i) => name != defaults[i % defaults.Length]).Any();
        return areDefaults && weights.Peepholes is null && double.IsPositiveInfinity(weights.Clip) && !call.Flag("input_forget")
            && (gates != 3 || weights.ResetsAfter) && gates > 1 && call[0].DType is DType.Float32 or DType.Float64;
    }

    // The kernels have the gates in another order: input, forget, candidate, output and reset, update, candidate.
    private static (Tensor Outputs, Tensor[] State) Fused(
        Tensor x, Tensor[] state, in Weights weights, int gates, int units, bool isReverse)
    {
        int[] order = gates == 4 ? [0, 2, 3, 1] : [1, 0, 2];
        Tensor Ordered(Tensor rows)
        {
            var parts = rows.Split(units, 0);
            return Tensor.Cat([.. order.Select(gate => parts[gate])]);
        }
        Tensor[] inputs = weights.InputBias is null ? [x, .. state, Ordered(weights.Input), Ordered(weights.Hidden)]
            : [x, .. state, Ordered(weights.Input), Ordered(weights.Hidden), Ordered(weights.InputBias), Ordered(weights.HiddenBias!)];
        return gates == 4 ? FusedSequence<LstmCell>.Run(isReverse, inputs) : FusedSequence<GruCell>.Run(isReverse, inputs);
    }

    private static (Tensor Outputs, Tensor[] State) Stepwise(
        Tensor x, Tensor[] state, in Weights weights, int gates, long[]? lengths, bool isReverse)
    {
        CellStep step = gates switch { 4 => Lstm, 3 => Gru, _ => Rnn };
        int steps = x.Shape[0], batch = x.Shape[1];
        var outputs = new Tensor[steps];
        for (int i = 0; i < steps; i++)
        {
            int t = isReverse ? steps - 1 - i : i;
            var next = step(x.Select(0, t), state, weights);
            if (lengths is not null)
            {
                // A sequence that has ended keeps its state and puts out zeros.
                bool[] goesOn = [.. lengths.Select(length => t < length)];
                var mask = Tensor.From<bool>(goesOn, new Shape(batch, 1), x.Device);
                outputs[t] = Tensor.Where(mask, next[0], Tensor.ZerosLike(next[0]));
                for (int part = 0; part < next.Length; part++) next[part] = Tensor.Where(mask, next[part], state[part]);
            }
            else
            {
                outputs[t] = next[0];
            }
            state = next;
        }
        return (steps == 0 ? Tensor.Zeros(new Shape(0, batch, state[0].Shape[1]), x.DType, x.Device) : Tensor.Stack(outputs), state);
    }

    private static Tensor Product(Tensor x, Tensor weight, Tensor? bias) => x.Affine(weight, bias, transposed: true);

    private static Tensor[] Rnn(Tensor x, Tensor[] state, in Weights w)
        => [w.Functions[0](w.Clipped(Product(x, w.Input, w.InputBias) + Product(state[0], w.Hidden, w.HiddenBias)))];

    private static Tensor[] Gru(Tensor x, Tensor[] state, in Weights w)
    {
        var h = state[0];
        int units = h.Shape[1];
        var inputs = Product(x, w.Input, w.InputBias);
        Tensor Part(Tensor all, int gate) => all.Narrow(1, gate * units, units);
        Tensor z, r, candidate;
        if (w.ResetsAfter)
        {
            var hidden = Product(h, w.Hidden, w.HiddenBias);
            (z, r) = (w.Functions[0](w.Clipped(Part(inputs, 0) + Part(hidden, 0))),
                w.Functions[0](w.Clipped(Part(inputs, 1) + Part(hidden, 1))));
            candidate = Part(inputs, 2) + r * Part(hidden, 2);
        }
        else
        {
            var hidden = Product(h, w.Hidden.Narrow(0, 0, 2 * units), w.HiddenBias?.Narrow(0, 0, 2 * units));
            (z, r) = (w.Functions[0](w.Clipped(Part(inputs, 0) + Part(hidden, 0))),
                w.Functions[0](w.Clipped(Part(inputs, 1) + Part(hidden, 1))));
            candidate = Part(inputs, 2) + Product(r * h, w.Hidden.Narrow(0, 2 * units, units), w.HiddenBias?.Narrow(0, 2 * units, units));
        }
        candidate = w.Functions[1](w.Clipped(candidate));
        return [candidate + z * (h - candidate)];
    }

    private static Tensor[] Lstm(Tensor x, Tensor[] state, in Weights w)
    {
        Tensor h = state[0], c = state[1];
        int units = h.Shape[1];
        var gates = Product(x, w.Input, w.InputBias) + Product(h, w.Hidden, w.HiddenBias);
        var peepholes = w.Peepholes;
        Tensor Gate(int gate, Tensor? memory, int peephole)
        {
            var sum = gates.Narrow(1, gate * units, units);
            return memory is null || peepholes is null ? sum : sum + memory * peepholes.Narrow(0, peephole * units, units);
        }
        Tensor input = w.Functions[0](w.Clipped(Gate(0, c, 0))), forget = w.Functions[0](w.Clipped(Gate(2, c, 2)));
        var next = forget * c + input * w.Functions[1](w.Clipped(Gate(3, null, 0)));
        var output = w.Functions[0](w.Clipped(Gate(1, next, 1)));
        return [output * w.Functions[2](next), next];
    }

    private static Func<Tensor, Tensor> Function(string name, float? alpha, float? beta) => name switch
    {
        "Sigmoid" => x => x.Sigmoid(),
        "Tanh" => x => x.Tanh(),
        "Relu" => x => x.Relu(),
        "Affine" => x => x * (alpha ?? 1) + (beta ?? 0),
        "LeakyRelu" => x => x.LeakyRelu(alpha ?? 0.01),
        "ThresholdedRelu" => x => x.Threshold(alpha ?? 1, 0),
        "ScaledTanh" => x => (x * (beta ?? 1)).Tanh() * (alpha ?? 1),
        "HardSigmoid" => x => (x * (alpha ?? 0.2) + (beta ?? 0.5)).Clamp(0, 1),
        "Elu" => x => x.Elu(alpha ?? 1),
        "Softsign" => x => x.Softsign(),
        "Softplus" => x => x.Softplus(),
        _ => throw new NotSupportedException($"the activation '{name}' is not known."),
    };
}
