namespace DeepNet.Onnx;

/// <summary>Losses of classification.</summary>
internal static class LossOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Same("NegativeLogLikelihoodLoss", call => Loss(call, call[0]));
        table.Many("SoftmaxCrossEntropyLoss", call =>
        {
            var logs = call[0].LogSoftmax(1);
            return [Loss(call, logs).To(call[0].DType), logs.To(call[0].DType)];
        });
    }

    private static Tensor Loss(Call call, Tensor logs)
    {
        var target = call[1].To(DType.Int64);
        Tensor? weight = call.Optional(2), counted = null;
        if (call.Has("ignore_index"))
        {
            var ignored = target.Equal(call.Int("ignore_index", 0));
            (counted, target) = ((!ignored).To(logs.DType), target.MaskedFill(ignored, 0));
        }
        var loss = -logs.Gather(1, target.Unsqueeze(1)).Squeeze(1);
        if (weight is not null)
        {
            var of = weight.IndexSelect(0, target.Reshape(-1)).Reshape(target.Shape.Axes);
            counted = counted is null ? of : of * counted;
        }
        if (counted is not null) loss = loss * counted;
        return call.Text("reduction", "mean") switch
        {
            "none" => loss,
            "sum" => loss.Sum(),
            _ => counted is null ? loss.Mean() : loss.Sum() / counted.Sum(),
        };
    }
}
