'use strict';

function Status(status, code, message) {
    this.status = status === undefined ? Status.OK : status;
    this.code = code === undefined ? (this.status === Status.OK ? 'OK' : 'ERROR') : code;
    this.message = message;
    this.error = this.status === Status.ERROR;
}

Status.OK = 0;
Status.ERROR = 1;
Status.prototype.isError = function () { return this.error; };
Status.prototype.getCode = function () { return this.code; };

module.exports = Status;
