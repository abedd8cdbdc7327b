"""A case (服务申请): what was asked for, its stages and answers, what is kept of it and for how long."""
